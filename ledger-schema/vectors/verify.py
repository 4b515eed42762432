#!/usr/bin/env python3
"""Verifies a Countersign ledger with nothing but this folder's schemas, git's objects and Python's standard library.

    python3 verify.py GITDIR [REF] [REMEMBERED_TIP]

Prints one JSON document {ok, tip, commits, events, problems: [{code, path, message}]}; exit 0 when the ledger holds, 1 when
it does not. Written from ledger-schema/README.md, as an example for other languages and as a proof that the text suffices.
It checks what that text lists under 1 to 6, except that it takes the state machine as data: transitions.json says which
state may follow which, not which of several does.
"""
import hashlib, json, os, re, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
ENDINGS = {"application/json": "json", "text/markdown": "md", "text/x-diff": "diff", "text/plain": "txt"}
REQUIRED = {  # members of bodies that name evidence
    "E_WORKFLOW_CREATED": ["issueText"], "E_CONTEXT_INGESTED": ["manifest"], "E_DECISION_RECORDED": ["document"], "E_ARTIFACT_RECORDED": ["document"],
    "E_PATCH_SET_PROPOSED": ["digest", "diff", "proposal"], "E_POLICY_EVALUATED": ["result"], "E_GATE_EVALUATED": ["result"],
}
problems = []
sha256 = lambda data: hashlib.sha256(data).hexdigest()
load = lambda path: json.load(open(os.path.join(ROOT, path), encoding="utf-8"))


def report(code, path, message):
    problems.append({"code": code, "path": path, "message": message})


# --- canonical JSON ---------------------------------------------------------------------------------------------------
class NotCanonical(Exception):
    pass


def pairs(items):
    keys = [key for key, _ in items]
    if len(set(keys)) != len(keys) or not all(re.fullmatch(r"[A-Za-z0-9_]+", key) for key in keys):
        raise NotCanonical("a key is repeated or not of [A-Za-z0-9_]")
    return dict(items)


def refuse(what):
    raise NotCanonical(f"{what} is no whole number")


def parse_canonical(data):
    """The value of canonical JSON: read strictly, and the same bytes when written again."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=pairs, parse_float=refuse, parse_constant=refuse)
        # Keys are ASCII, so their order by code point is the order by UTF-16 unit that RFC 8785 asks for.
        again = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError, NotCanonical) as error:
        raise NotCanonical(str(error))
    if again != data or b"\\u0000" in data:
        raise NotCanonical("written again, the bytes differ")
    return value


# --- JSON Schema: the keywords that these schemas use -------------------------------------------------------------------
SCHEMAS = {}
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "number": int, "boolean": bool, "null": type(None)}


def schema_at(uri):
    base, _, pointer = uri.partition("#")
    if base not in SCHEMAS:
        SCHEMAS[base] = load(base)
    found = SCHEMAS[base]
    for step in pointer.split("/")[1:]:
        found = found[step]
    return base, found


def valid(value, schema, base):
    if "$ref" in schema:
        ref = schema["$ref"]
        uri = base + ref if ref.startswith("#") else os.path.normpath(os.path.join(os.path.dirname(base), ref))
        there, target = schema_at(uri)
        if not valid(value, target, there):
            return False
    wanted = schema.get("type")
    if wanted and (not isinstance(value, TYPES[wanted]) or (wanted in ("integer", "number") and isinstance(value, bool))):
        return False
    same = lambda other: type(other) is type(value) and other == value
    if "const" in schema and not same(schema["const"]) or "enum" in schema and not any(map(same, schema["enum"])):
        return False
    for keyword, count in (("anyOf", lambda n: n >= 1), ("oneOf", lambda n: n == 1)):
        if keyword in schema and not count(sum(valid(value, each, base) for each in schema[keyword])):
            return False
    if isinstance(value, str):
        pattern = schema.get("pattern")
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            return False
        return not pattern or re.search(pattern.replace("$", r"\Z"), value, re.ASCII) is not None
    if isinstance(value, int) and not isinstance(value, bool):
        return schema.get("minimum", value) <= value <= schema.get("maximum", value)
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            return False
        first = schema.get("prefixItems", [])
        return all(valid(item, first[at] if at < len(first) else schema.get("items", {}), base) for at, item in enumerate(value))
    if isinstance(value, dict):
        members = schema.get("properties", {})
        if any(name not in value for name in schema.get("required", [])):
            return False
        if schema.get("additionalProperties") is False and any(name not in members for name in value):
            return False
        return all(valid(value[name], member, base) for name, member in members.items() if name in value)
    return True


def by_schema(value, file):
    base, schema = schema_at(file)
    return valid(value, schema, base)


# --- git ----------------------------------------------------------------------------------------------------------------
def git(*args):
    return subprocess.run(["git", "--no-replace-objects", f"--git-dir={GITDIR}", *args], check=True, capture_output=True).stdout


def read_commits(ref):
    """Oldest first: (commit, parents, [(status, mode, blob, path)])."""
    commits = []
    for line in git("log", "--first-parent", "--reverse", "--format=%H %P", ref).decode().splitlines():
        commit, *parents = line.split()
        against = [parents[0], commit] if parents else ["--root", commit]
        raw = git("diff-tree", "-r", "-z", "--no-renames", "--no-commit-id", *against).decode("utf-8", "replace").split("\0")
        changes = [(raw[at].split()[4][0], raw[at].split()[1], raw[at].split()[3], raw[at + 1]) for at in range(0, len(raw) - 1, 2)]
        commits.append((commit, parents, changes))
    return commits


# --- the ledger ---------------------------------------------------------------------------------------------------------
EVENT = re.compile(r"workflows/(\d{4})/(\d{2})/(\d{2})/(wf-\d{8}-[0-9a-z]{6})/(\d{4})-([a-z-]+)\.json", re.ASCII)
EVIDENCE = re.compile(r"workflows/(\d{4})/(\d{2})/(\d{2})/(wf-\d{8}-[0-9a-z]{6})/evidence/([0-9a-f]{64})\.(json|md|diff|txt)", re.ASCII)


class Workflow:
    def __init__(self, name):
        self.name, self.seq, self.last, self.state, self.ids = name, 0, None, "new", set()
        self.created = {"repos": [], "approvers": [], "source": {"revision": None}}  # until its first event is read
        self.evidence, self.documents, self.current, self.judged, self.approved, self.commit = {}, {}, {}, {}, set(), {}


def check_ledger(ref, remembered):
    commits = read_commits(ref)
    if remembered and remembered not in [commit for commit, _, _ in commits]:
        report("tip-not-reached", "", "the remembered tip is not part of the history")
    workflows, ledger, count = {}, None, 0
    transitions = load("transitions.json")["transitions"]
    for number, (commit, parents, changes) in enumerate(commits):
        if len(parents) > 1:
            report("merge-commit", "", f"{commit} has {len(parents)} parents")
        if not changes:
            report("commit-empty", "", f"{commit} adds nothing")
        added = []
        for status, mode, blob, path in changes:
            if status != "A":
                report("file-removed" if status == "D" else "file-changed", path, f"by {commit}")
            elif mode != "100644":
                report("file-mode", path, mode)
            else:
                added.append((path, git("cat-file", "blob", blob)))
        if number == 0:
            ledger = check_genesis(added)
            continue
        named, files = set(), {}
        for path, data in added:
            event, evidence = EVENT.fullmatch(path), EVIDENCE.fullmatch(path)
            found = event or evidence
            if not found or "".join(found.groups()[:3]) != found[4][3:11]:
                report("unexpected-path", path, "belongs to no ledger of this format")
                continue
            flow = workflows.setdefault(found[4], Workflow(found[4]))
            if evidence:
                if sha256(data) != evidence[5]:
                    report("evidence-hash", path, f"its bytes have {sha256(data)}")
                flow.evidence[evidence[5]] = (len(data), evidence[6], data)
                files[(flow.name, evidence[5])] = path
            else:
                added_events = flow.__dict__.setdefault("added", [])
                added_events.append((int(event[5]), event[6], path, data))
        for flow in workflows.values():
            for each in sorted(flow.__dict__.pop("added", [])):
                count += 1
                record = check_event(flow, ledger, transitions, *each)
                named.update((flow.name, ref["sha256"]) for ref in (record or {}).get("evidence", []))
        for key in files.keys() - named:
            report("evidence-unreferenced", files[key], "no event of its commit names it")
    return commits, count


def check_genesis(added):
    try:
        (path, data), = added
        value = parse_canonical(data)
        assert path == "ledger.json" and by_schema(value, "ledger.json")
        return value["ledger"]
    except (ValueError, AssertionError, NotCanonical):
        report("genesis", "ledger.json", "the first commit adds a valid ledger.json and nothing else")


def check_event(flow, ledger, transitions, seq, slug, path, data):
    if seq != flow.seq + 1:
        report("event-sequence", path, f"expected number {flow.seq + 1}")
    before, flow.last, flow.seq = flow.last, sha256(data), max(seq, flow.seq)
    try:
        event = parse_canonical(data)
    except NotCanonical as error:
        return report("event-not-canonical", path, str(error))
    kind = event.get("type") if isinstance(event, dict) else None
    own = str(kind)[2:].lower().replace("_", "-")
    if not re.fullmatch("[a-z-]+", own) or not os.path.exists(os.path.join(ROOT, f"events/{own}.json")) or not by_schema(event, f"events/{own}.json"):
        return report("event-not-by-schema", path, "not by the schema of its type")
    for code, wrong in (("event-name", (own, event["seq"]) != (slug, seq)), ("event-chain", event["prev"] != before), ("event-repeated", event["id"] in flow.ids),
                        ("wrong-ledger", event["ledger"] != ledger), ("foreign-workflow", event["workflow"] != flow.name)):
        if wrong:
            report(code, path, "")
    flow.ids.add(event["id"])
    for ref in event["evidence"]:
        size, ending, _ = flow.evidence.get(ref["sha256"], (None, None, None))
        if size is None:
            report("evidence-missing", path, ref["sha256"])
        elif size != ref["size"] or ending != ENDINGS[ref["mediaType"]]:
            report("evidence-size" if size != ref["size"] else "evidence-type", path, ref["sha256"])
    for member in REQUIRED.get(kind, []):
        if event["body"][member] not in flow.evidence:
            report("evidence-missing", path, f"{member} {event['body'][member]}")
    step = ((event["state"]["from"] or "new"), event["state"]["to"])
    if step[0] != flow.state or step[1] not in transitions.get(flow.state, {}).get(kind, []):
        report("illegal-transition" if kind not in transitions.get(flow.state, {}) else "state-mismatch", path, f"{flow.state} {kind} {step[1]}")
    flow.state = step[1]
    check_rules(flow, event, kind, event["body"], path)
    return event


def check_rules(flow, event, kind, body, path):
    """Approvals and writes, from the records alone."""
    current = flow.current.get(body.get("patchSet"))
    is_current = current is not None and (current["digest"], current["revision"]) == (body.get("digest"), body.get("revision"))
    if kind == "E_WORKFLOW_CREATED":
        flow.created = body
    elif kind == "E_ARTIFACT_RECORDED":
        flow.documents[body["artifact"]] = body["document"]
    elif kind == "E_PATCH_SET_PROPOSED":
        flow.current[body["patchSet"]] = body
        flow.approved.discard(body["patchSet"])
        check_manifest(flow, body, path)
    elif kind == "E_POLICY_EVALUATED":
        flow.judged[body["digest"]] = event["policy"]
    own = kind not in PERSONAL or check_person(event, kind, body, path)
    if kind == "E_APPROVAL_RECORDED":
        if not is_current:
            report("approval-not-current", path, body["digest"])
        elif body["login"].lower() not in [login.lower() for login in flow.created["approvers"]]:
            report("approval-not-listed", path, body["login"])
        elif own:
            flow.approved.add(body["patchSet"])
    elif kind in ("E_WRITE_INTENDED", "E_PATCH_SET_APPLIED", "E_PR_OPENED"):
        complete = len(flow.current) == len(flow.created["repos"]) and flow.approved == set(flow.current)
        if not complete or not is_current:
            report("write-before-approval", path, "not every current digest is approved")
        if is_current and body.get("tree", body.get("resultTree", current["resultTree"])) != current["resultTree"]:
            report("result-mismatch", path, "not the approved result tree")
        if kind == "E_PATCH_SET_APPLIED":
            flow.commit[body["patchSet"]] = body["commit"]
        if kind == "E_PR_OPENED" and body["head"] != flow.commit.get(body["patchSet"]):
            report("result-mismatch", path, "the pull request does not begin at the commit that was written")
    if kind in ("E_APPROVAL_RECORDED", "E_WRITE_INTENDED") and flow.judged.get(body["digest"], event["policy"]) != event["policy"]:
        report("policy-changed", path, "not the policy that judged it")


PERSONAL = ("E_APPROVAL_RECORDED", "E_CHANGES_REQUESTED", "E_PATCH_SET_REJECTED", "E_CONTEXT_PROVIDED", "E_CANCELLED")


def check_person(event, kind, body, path):
    """Recorded as that person's own doing; an approval by the first attempt of the run that was reviewed."""
    actor, run = event["actor"], event["run"]
    said, found = ["human", body["login"]], [actor["kind"], actor["login"]]
    if kind == "E_APPROVAL_RECORDED":
        said += [body["userId"], "countersign-approval", body["runId"], 1]
        found += [actor["id"], body["environment"], run["id"], run["attempt"]]
    if said != found:
        report("record-mismatch", path, f"{found} is not {said}")
    return said == found


def check_manifest(flow, body, path):
    _, _, data = flow.evidence.get(body["digest"], (0, "", b""))
    try:
        manifest = parse_canonical(data)
        assert by_schema(manifest, "manifest.json")
    except (NotCanonical, AssertionError):
        return report("manifest-invalid", path, body["digest"])
    repo = next((each for each in flow.created["repos"] if each["repo"] == body["repo"]), {})
    base = {"branch": repo.get("baseBranch"), "commit": repo.get("baseCommit"), "tree": repo.get("baseTree")}
    said = [flow.name, body["patchSet"], body["revision"], body["repo"], base, {"tree": body["resultTree"]}, body["diff"], body["patches"], flow.created["source"]["revision"]]
    said += [flow.documents.get(name) for name in ("scope", "plan", "gates")]
    names = ("workflow", "patchSet", "revision", "repo", "base", "result", "diff", "patches", "issueRevision", "scope", "plan", "gates")
    for name, expected in zip(names, said):
        if manifest[name] != expected:
            report("manifest-mismatch", path, name)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    GITDIR, REF, TIP = [*sys.argv[1:4], None, None][:3]
    history, events = check_ledger(REF or "refs/heads/ledger", TIP)
    if git("for-each-ref", "refs/replace/"):
        report("replace-ref", "", "git would show other objects than the ledger holds")
    print(json.dumps({"ok": not problems, "tip": history[-1][0], "commits": len(history), "events": events, "problems": problems}, indent=2))
    sys.exit(1 if problems else 0)
