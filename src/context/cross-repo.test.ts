import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { buildContext } from './build.ts';
import { loadGrammarFromPackages } from './grammars.ts';
import { fakeObjects, type MemoryFiles } from './memory-objects.fixture.ts';

const tools = { loadGrammar: loadGrammarFromPackages, hash: (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex') };

/** The routes that link a server with a client, as `METHOD /path server-file`. */
async function routes(server: MemoryFiles, client: MemoryFiles): Promise<string[]> {
  const repos = [server, client].map((files, index) => {
    const objects = fakeObjects(files);
    return { repo: index === 0 ? 'o/server' : 'o/client', role: index === 0 ? ('primary' as const) : ('secondary' as const), commit: objects.commit, tree: objects.tree, objects };
  });
  const { topology } = await buildContext({ repos, query: 'x', budgetBytes: 1_000 }, tools);
  return topology.crossRepo.filter(({ kind }) => kind === 'route').map(({ name, provider }) => `${name} ${provider.path}`);
}

const CLIENT = (lines: readonly string[]): MemoryFiles => ({ 'src/client.ts': `${lines.join('\n')}\n` });

test.each<[string, MemoryFiles, MemoryFiles, string[]]>([
  ['Express routers mounted from other files, in two steps', {
    'app.js': "const api = require('./api');\napp.use('/api', api);\napp.get('/health', h);\n",
    'api.js': "import users from './users.js'\nconst router = express.Router()\nrouter.use('/users', users)\n",
    'users.js': "const router = express.Router()\nrouter.get('/:id', show)\nrouter.delete('/:id', remove)\n",
  }, CLIENT(['fetch(`${BASE}/api/users/${id}`)', "fetch('/health')", "fetch('/users/3')"]), ['GET /api/users/{} users.js', 'GET /health app.js']],
  ['Fastify', { 'a.js': "fastify.route({ method: 'PUT', url: '/books/:id', handler })\nfastify.get('/plain', { schema }, handler)\nfastify.register(more, { prefix: '/v1' })\nasync function more(fastify) {}\n" }, CLIENT(["axios.put('/books/7', b)", "axios.get('/plain')", "axios({ method: 'post', url: '/books/7' })"]), ['GET /plain a.js', 'PUT /books/{} a.js']],
  ['FastAPI and Flask with prefixes', {
    'main.py': 'from fastapi import FastAPI\nfrom routers import orders\napp = FastAPI()\napp.include_router(orders.router, prefix="/api")\n', 'routers/__init__.py': '',
    'routers/orders.py': 'router = APIRouter(prefix="/orders")\n@router.get("/{order_id}")\ndef one(order_id: int): pass\n@router.post("/")\ndef make(): pass\n',
    'web.py': 'bp = Blueprint("users", __name__, url_prefix="/users")\n@bp.route("/<int:id>", methods=["PUT"])\ndef put(id): pass\n',
  }, { 'c.py': 'requests.get(f"{BASE}/api/orders/{i}")\nrequests.post(BASE + "/api/orders")\nhttpx.put("https://h/users/3")\nhttpx.delete("https://h/users/3")\n' }, ['GET /api/orders/{} routers/orders.py', 'POST /api/orders routers/orders.py', 'PUT /users/{} web.py']],
  ['Django', { 'p/urls.py': 'urlpatterns = [path("api/", include("shop.urls")), path("ping/", v)]\n', 'shop/urls.py': 'urlpatterns = [path("orders/<int:pk>/", views.order)]\n' }, CLIENT(["fetch('/api/orders/' + id)", "fetch('/ping')"]), ['GET /api/orders/{} shop/urls.py', 'GET /ping p/urls.py']],
  ['Spring', { 'src/Ctl.java': '@RestController\n@RequestMapping("/api/orders")\npublic class Ctl {\n  @GetMapping("/{id}")\n  public Order get() { return null; }\n  @PostMapping\n  public Order make() { return null; }\n}\n' }, { 'C.java': 'class C { void m() { restTemplate.getForObject(base + "/api/orders/{id}", X.class); webClient.post().uri("/api/orders"); } }\n' }, ['GET /api/orders/{} src/Ctl.java', 'POST /api/orders src/Ctl.java']],
  ['Gin and net/http', { 'a.go': 'package a\nfunc R() {\n\tv1 := r.Group("/api/v1")\n\tadmin := v1.Group("/admin")\n\tadmin.DELETE("/users/:id", del)\n\tmux.HandleFunc("GET /items/{id}", item)\n}\n' }, { 'c.go': 'package c\nfunc f() {\n\thttp.NewRequest("DELETE", url+"/api/v1/admin/users/3", nil)\n\thttp.Get("https://h/items/3")\n}\n' }, ['DELETE /api/v1/admin/users/{} a.go', 'GET /items/{} a.go']],
  ['Rails', { 'config/routes.rb': 'Rails.application.routes.draw do\n  namespace :api do\n    resources :users, only: [:show]\n    get "ping", to: "x#y"\n  end\n  post "orders", to: "o#c"\nend\n' }, CLIENT(["fetch('/api/users/3')", "fetch('/api/ping')", "axios.post('/orders')", "axios.delete('/api/users/3')"]), ['GET /api/ping config/routes.rb', 'GET /api/users/{} config/routes.rb', 'POST /orders config/routes.rb']],
  ['ASP.NET', {
    'O.cs': '[ApiController]\n[Route("api/[controller]")]\npublic class OrdersController : ControllerBase\n{\n    [HttpGet("{id}")]\n    public Order Get(int id) => null;\n    [HttpPost]\n    public void Create() {}\n}\n',
    'P.cs': 'var group = app.MapGroup("/v2");\ngroup.MapDelete("/items/{id}", (int id) => { });\n',
  }, { 'C.cs': 'class C { async Task M() { await client.GetAsync($"/api/orders/{id}"); await http.PostAsJsonAsync("api/orders", o); await client.DeleteAsync("/v2/items/3"); } }\n' }, ['DELETE /v2/items/{} P.cs', 'GET /api/Orders/{} O.cs', 'POST /api/Orders O.cs']],
  ['NestJS', { 'c.ts': "@Controller('cats')\nexport class Cats {\n  @Get(':id') one() {}\n  @Post() make() {}\n}\n" }, CLIENT(["ky.get('/cats/3')", "ky.post('/cats')"]), ['GET /cats/{} c.ts', 'POST /cats c.ts']],
  ['an OpenAPI document with a base', { 'openapi.json': '{"openapi":"3.1.0","servers":[{"url":"https://h/api/v1"}],"paths":{"/orders/{id}":{"get":{}}}}' }, CLIENT(["fetch('https://h/api/v1/orders/3')", "fetch(`${API}/orders/${id}`, {\n  method: 'DELETE',\n})"]), ['GET /api/v1/orders/{} openapi.json']],
  ['nothing that is no request', { 'a.js': "app.get('/x', h)\napp.use('/assets', express.static('y'))\n" }, CLIENT(["cache.get('/x')", "path.join('/x', '/assets')", "it('/x', f)", "import('/x')", "const a = '/x'"]), []],
])('%s', async (_, server, client, expected) => {
  expect((await routes(server, client)).sort()).toEqual(expected);
});

test('long hostile lines take no time worth speaking of', async () => {
  const lines = ['@RequestMapping("a"'.repeat(3_000), 'app.use("/a", '.repeat(4_000), 'x = r.Group("/'.repeat(4_000), `APIRouter(${' '.repeat(50_000)}`, '@Path("/x")\n'.repeat(3_000), 'path("" , include('.repeat(3_000)];
  expect(await routes({ 'a.js': lines.join('\n') }, { 'b.js': "fetch('/nowhere')\n" })).toEqual([]);
});
