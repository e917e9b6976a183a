"""A worker in Python on docs/protocol.md alone: python3 worker.py [URL [QUEUE [LEASE_MS]]]

Prints what it handles. The body "flaky" fails the first time, "broken" for good, and "slow" takes a minute.
"""
import pathlib, re, secrets, sys, threading, time
import redis

URL = sys.argv[1] if len(sys.argv) > 1 else "redis://localhost:6379"
QUEUE = sys.argv[2] if len(sys.argv) > 2 else "mail"
LEASE_MS = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000
LUA = pathlib.Path(__file__).resolve().parents[2] / "core/src/main/resources/dev/hark/internal/redis/scripts"

r = redis.Redis.from_url(URL)
session = secrets.token_hex(12)  # never used twice
ENVELOPE = re.compile(rb"1(?: [!-~]{1,128} [0-9]{1,15} ([0-9]{1,9}) [0-9]{1,9})?")
NEWER = re.compile(rb"(?!1(?: |$))[1-9][0-9]{0,8}(?: .*)?", re.DOTALL)
outdated = threading.Event()  # a newer Hark has taken the queue over


def script(name, *parts):
    own = (LUA / f"{name}.lua").read_text()
    uses = re.search(r"^-- Uses: (.*)$", own, re.MULTILINE)[1].split(", ")
    run = r.register_script("\n".join([(LUA / f"lib/{lib}.lua").read_text() for lib in uses] + [own]))
    keys = [key(part) for part in parts]
    return lambda *args: run(keys=keys, args=args)


def key(part):
    return f"hark:{{{QUEUE}}}:{part}"


open_session = script("open", "ready", "stats", "sessions", "settled", "later", "held", "dead")
sweep = script("sweep", "sessions", "ready", "stats", "later")
promote = script("promote", "later", "held", "ready", "stats", "dead")
takeover = script("takeover", "ready", "stats", "sessions", "settled")
settle = script("settle", "ready", "stats", "sessions", "settled", "later", "held", "dead")


def heartbeat():
    """Extends the lease, and moves what is due. A worker that shares its queue with Hark may leave the rest to Hark."""
    while True:
        alive, *_, newer = sweep(session, LEASE_MS, "")
        if not alive:
            print("lost the session: others have its messages", file=sys.stderr)
            return
        if not newer:
            promote(200, 1 << 20)
        elif not outdated.is_set():  # what is held may be settled, and needs its lease until then
            print(newer.decode(), file=sys.stderr)
            outdated.set()
        time.sleep(LEASE_MS / 3000)


def handle(body, attempt):
    """Returns None when done, or what settle.lua is told instead: kind, whether that burns an attempt, delay in ms, text."""
    print(body.decode(), "attempt", attempt, flush=True)
    if body == b"slow":
        time.sleep(60)
    if body == b"flaky" and attempt == 1:
        return "again", 1, 100, "not yet"
    if body == b"broken":
        return "bury", 1, 0, "broken for good"


r.sadd("hark:queues", QUEUE)
open_session(session, LEASE_MS)
threading.Thread(target=heartbeat, daemon=True).start()
sequence = 0
try:
    while not outdated.is_set():
        claimed = r.xreadgroup("hark", session, {key("ready"): ">"}, count=1, block=900)
        for entry, fields in claimed[0][1] if claimed else []:
            head = fields.get(b"hark", b"1").split(b"\n")[0]
            envelope = ENVELOPE.fullmatch(head)
            if NEWER.fullmatch(head):
                outcome = ("again", 0, 60_000, "")
            elif not envelope or b"body" not in fields:
                outcome = ("bury", 1, 0, "no message of Hark")
            else:
                outcome = handle(fields[b"body"], int(envelope[1] or 0) + 1)
            sequence += 1
            if outcome is None:
                done = [0, 0, 0, 0]  # small, small and foreign, large, large and foreign
                large = sum(len(name) + len(value) for name, value in fields.items()) >= 1024
                done[(0 if b"hark" in fields else 1) + (2 if large else 0)] = 1
                reply = settle(session, sequence, 128, 10_000, *done, entry)
            else:
                kind, burnt, delay, text = outcome
                reply = settle(session, sequence, 128, 10_000, 0, 0, 0, 0, kind, entry, burnt, delay, text)
            if int(reply[1]):
                print("refused: somebody else has", entry.decode(), file=sys.stderr)
finally:
    while takeover(session, "closed", 200, 1 << 20, "the worker was stopped")[1]:
        pass
