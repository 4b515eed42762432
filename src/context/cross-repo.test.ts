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
  ['Chi groups in groups', { 'm.go': 'package m\nfunc R() {\n\tr.Route("/users", func(r chi.Router) {\n\t\tr.Get("/{id}", get)\n\t\tr.Route("/{id}/posts", func(r chi.Router) {\n\t\t\tr.Post("/", add)\n\t\t})\n\t})\n\tr.Get("/health", h)\n}\n' }, CLIENT(["fetch('/health')", 'fetch(`/users/${id}`)', 'axios.post(`/users/${id}/posts`, b)', 'fetch(`/users/${id}/health`)']), ['GET /health m.go', 'GET /users/{} m.go', 'POST /users/{}/posts m.go']],
  ['Gorilla subrouters with methods', { 'm.go': 'package m\nfunc R() {\n\ts := r.PathPrefix("/v1").Subrouter()\n\ts.HandleFunc("/items", H).Methods(http.MethodPost)\n}\n' }, CLIENT(["axios.post('/v1/items')", "fetch('/v1/items')"]), ['POST /v1/items m.go']],
  ['Actix resources and scopes, Axum nested routers', { 'src/a.rs': 'fn c(cfg: &mut web::ServiceConfig) {\n  cfg.service(web::resource("/pay").route(web::post().to(p)));\n  cfg.service(web::scope("/admin").route("/stats", web::get().to(s)));\n}\n', 'src/b.rs': 'fn r() {\n  let api = Router::new()\n    .route("/todos", get(list).post(make))\n    .route("/todos/{id}", delete(rm));\n  Router::new().nest("/api", api)\n}\n' }, CLIENT(["axios.post('/pay')", "fetch('/admin/stats')", "fetch('/stats')", "fetch('/api/todos')", "axios.delete('/api/todos/3')"]), ['DELETE /api/todos/{} src/b.rs', 'GET /admin/stats src/a.rs', 'GET /api/todos src/b.rs', 'POST /pay src/a.rs']],
  ['Laravel', { 'routes/api.php': "<?php\nRoute::get('/users/{id}', [U::class, 'show']);\nRoute::prefix('admin')->group(function () {\n  Route::post('posts', [P::class, 'store']);\n});\nRoute::apiResource('photos', PhotoController::class);\n" }, CLIENT(["fetch('/api/users/3')", "axios.post('/api/admin/posts')", "axios.delete('/api/photos/3')"]), ['DELETE /api/photos/{} routes/api.php', 'GET /api/users/{} routes/api.php', 'POST /api/admin/posts routes/api.php']],
  ['Ktor', { 'M.kt': 'fun Application.m() { routing {\n  route("/customers") {\n    get("/{id}") { }\n    post { }\n  }\n} }\n' }, { 'c.kt': 'interface A {\n  @GET("customers/{id}") fun x()\n  @POST("customers") fun y()\n}\n' }, ['GET /customers/{} M.kt', 'POST /customers M.kt']],
  ['Hono and Koa', { 'h.ts': "const app = new Hono().basePath('/api');\nconst users = new Hono();\nusers.get('/:id', h);\napp.route('/users', users);\n", 'k.js': "const router = new Router({ prefix: '/posts' });\nrouter.del('/:id', h);\n" }, CLIENT(["fetch('/api/users/3')", "ky.delete('/posts/3')"]), ['DELETE /posts/{} k.js', 'GET /api/users/{} h.ts']],
  ['routes that a file is', { 'src/app/api/(inner)/users/[id]/route.ts': 'export async function GET() {}\n', 'pages/api/hello.ts': 'export default function handler() {}\n', 'src/routes/items/[slug]/+server.ts': 'export const POST = h;\n', 'server/api/cats.get.ts': 'export default h;\n' }, CLIENT(["fetch('/api/users/3')", "fetch('/api/hello')", "axios.post(`/items/${s}`)", "useFetch('/api/cats')"]), ['GET /api/cats server/api/cats.get.ts', 'GET /api/hello pages/api/hello.ts', 'GET /api/users/{} src/app/api/(inner)/users/[id]/route.ts', 'POST /items/{} src/routes/items/[slug]/+server.ts']],
  ["a client's base in another file", { 'a.js': "app.get('/v1/cats/:id', h);\n" }, { 'src/http.ts': "export const http = axios.create({ baseURL: 'https://h/v1' });\n", 'src/cats.ts': 'http.get(`/cats/${id}`);\n' }, ['GET /v1/cats/{} a.js']],
  ['clients of Java, Swift and Dart', { 'a.js': "app.get('/a/:id', h);\napp.get('/b/:id', h);\napp.get('/c/:id', h);\n" }, { 'C.java': 'class C { void m() { HttpRequest.newBuilder().uri(URI.create(BASE + "/a/" + id)).GET().build(); } }\n', 'c.swift': 'let u = URL(string: "https://h/b/3")!\n', 'c.dart': "http.get(Uri.parse('$base/c/$id'));\n" }, ['GET /a/{} a.js', 'GET /b/{} a.js', 'GET /c/{} a.js']],
  ['nothing that is no request', { 'a.js': "app.get('/x', h)\napp.use('/assets', express.static('y'))\n" }, CLIENT(["cache.get('/x')", "path.join('/x', '/assets')", "it('/x', f)", "import('/x')", "const a = '/x'"]), []],
])('%s', async (_, server, client, expected) => {
  expect((await routes(server, client)).sort()).toEqual(expected);
});

test('long hostile lines take no time worth speaking of', async () => {
  const lines = ['@RequestMapping("a"'.repeat(3_000), 'app.use("/a", '.repeat(4_000), 'x = r.Group("/'.repeat(4_000), `APIRouter(${' '.repeat(50_000)}`, '@Path("/x")\n'.repeat(3_000), 'path("" , include('.repeat(3_000), 'r.Route("/a", func(r R) {'.repeat(3_000), 'let a = Router::new()'.repeat(3_000), 'web::scope("/a")'.repeat(3_000), "Route::prefix('a')->".repeat(3_000), 'routing { get {'.repeat(3_000), 'baseURL: "/a'.repeat(3_000)];
  expect(await routes({ 'a.js': lines.join('\n') }, { 'b.js': "fetch('/nowhere')\n" })).toEqual([]);
});

async function links(server: MemoryFiles, client: MemoryFiles): Promise<string[]> {
  const repos = [server, client].map((files, index) => {
    const objects = fakeObjects(files);
    return { repo: index === 0 ? 'o/server' : 'o/client', role: index === 0 ? ('primary' as const) : ('secondary' as const), commit: objects.commit, tree: objects.tree, objects };
  });
  const { topology } = await buildContext({ repos, query: 'x', budgetBytes: 1_000 }, tools);
  return topology.crossRepo.map(({ kind, name, provider, user }) => `${kind} ${name} ${provider.path}:${provider.line} ${user.path}:${user.line}`);
}

test.each<[string, MemoryFiles, MemoryFiles, string[]]>([
  ['Python names are one name however they are written', { 'pyproject.toml': '[project]\nname = "Acme-Tools.Core"\n', 'src/acme_tools/__init__.py': 'def go(): pass\n' }, { 'requirements.txt': 'requests\nacme_tools-core[fast]>=1\n', 'a.py': 'from acme_tools import go\n' }, ['name go src/acme_tools/__init__.py:1 a.py:1', 'package acme_tools-core pyproject.toml:2 requirements.txt:2']],
  ['Maven takes what Gradle publishes', { 'build.gradle': "group = 'com.acme'\n", 'settings.gradle': "rootProject.name = 'billing'\n" }, { 'pom.xml': '<project>\n<artifactId>y</artifactId>\n<dependencies><dependency><groupId>com.acme</groupId><artifactId>billing</artifactId></dependency></dependencies></project>' }, ['package com.acme:billing build.gradle:null pom.xml:3']],
  ['a crate under another name', { 'Cargo.toml': '[package]\nname = "my-crate"\n' }, { 'Cargo.toml': '[package]\nname = "app"\n[dependencies]\nmc = { package = "my-crate", version = "1" }\n' }, ['package my-crate Cargo.toml:2 Cargo.toml:4']],
  ['gRPC services and messages by what is generated of them', { 'order.proto': 'syntax="proto3";\nservice OrderService {}\nmessage GetOrderRequest {}\nmessage Config {}\nmessage Error {}\n' }, { 'c.py': 'from shop.order_pb2 import GetOrderRequest\nstub = grpc.OrderServiceStub(ch)\n', 'own.go': 'package d\ntype Config struct {}\nvar c Config\n', 'own.ts': 'throw new Error("x");\n' }, ['schema GetOrderRequest order.proto:3 c.py:1', 'schema OrderService order.proto:2 c.py:2']],
  ['one word, or a name of their own, says nothing between strangers', { 'a.proto': 'syntax="proto3";\nmessage Attributes {}\nmessage ClusterMember {}\nmessage TimeSeries {}\n' }, { 'a.go': 'package a\ntype TimeSeries struct {}\nvar y ClusterMember\nvar z TimeSeries\n' }, ['schema ClusterMember a.proto:3 a.go:3']],
  ['one word says something between friends', { 'package.json': '{"name":"@o/api"}', 'a.proto': 'syntax="proto3";\nmessage Attributes {}\n' }, { 'package.json': '{"dependencies":{"@o/api":"1"}}', 'a.go': 'package a\nvar x Attributes\n' }, ['package @o/api package.json:1 package.json:1', 'schema Attributes a.proto:2 a.go:2']],
  ["a fixture's package is its own", { 'package.json': '{"name":"root"}', 'test/fixtures/p/package.json': '{"name":"typescript"}', 'test/fixtures/p/index.js': '' }, { 'package.json': '{"dependencies":{"typescript":"7"}}', 'a.js': "import ts from 'typescript';\n" }, []],
  ['what every project has is nobody else\'s', { 'package.json': '{"name":"x"}', 'lib/config.py': '', 'utils.js': '', 'src/util.h': '', 'config.h': '', 'App.cs': 'namespace System.Text { class Ext {} }\n', 'lib/json.rb': '', 'composer.json': '{"autoload":{"psr-4":{"App\\\\":"src/"}}}', 'src/Models/User.php': '<?php', 'test/a.test.js': "app.get('/only-test', h)\n" }, { 'c.py': 'from lib import config\nimport test\n', 'a.c': '#include "util.h"\n#include "config.h"\n', 'P.cs': 'using System.Text;\n', 'r.rb': "require 'json'\n", 'u.php': '<?php\nuse App\\Models\\User;\n', 'b.js': "fetch('/only-test');\nimport x from './utils';\n" }, []],
])('%s', async (_, server, client, expected) => {
  expect(await links(server, client)).toEqual(expected);
});
