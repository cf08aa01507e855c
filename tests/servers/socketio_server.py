"""A Socket.IO target that other people wrote: python-socketio on aiohttp, for tests/integration/python-socketio.test.ts.

Its messages are spelt by hand in the flat canonical wire format; it shares no line with the monitor. Who connects is greeted;
`user_message` starts a run, which is five `agent_event`s; `clock` is acknowledged with the time. `GET /seen` tells over which
transport each session began and each run was asked for, and how many events were acknowledged.
It listens on a free port of the loopback and prints {"port": n} when it is ready.
"""
import argparse
import asyncio
import time
import uuid
from urllib.parse import parse_qs

import socketio
from aiohttp import web
from parent import announce

RUN = [
    ("agent_started", {}),
    ("agent_thinking", {"thought": "The billing data should tell."}),
    ("tool_executing", {"tool": "cost_report", "input": {"months": 3}}),
    ("tool_completed", {"tool": "cost_report", "output": {"total": 1042}}),
    ("agent_completed", {"result": "Most of it is storage."}),
]


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--path", default="socket.io")
    parser.add_argument("--namespace", default="/")
    parser.add_argument("--transports", default="websocket,polling", help="what the server serves")
    parser.add_argument("--no-upgrade", action="store_true", help="polling stays polling")
    parser.add_argument("--token", help="asked for in the CONNECT packet's auth or in the query, as TOKEN.user")
    parser.add_argument("--refuse", metavar="WORDS", help="refuses every connection with these words")
    parser.add_argument("--refuse-code", metavar="CODE", help="what the refusal says as its data")
    parser.add_argument("--no-greeting", action="store_true")
    parser.add_argument("--ping-interval", type=float, default=25, metavar="SECONDS")
    parser.add_argument("--ping-timeout", type=float, default=20, metavar="SECONDS")
    parser.add_argument("--clock", choices=["number", "object", "silent"], default="number", help="form of the acknowledgement")
    parser.add_argument("--clock-ahead", type=float, default=0, metavar="SECONDS", help="how far the server's clock is ahead")
    parser.add_argument("--drop", metavar="TYPE", help="events of this type are never sent")
    parser.add_argument("--await-acks", action="store_true", help="each event waits until the one before it was acknowledged")
    return parser.parse_args()


options = read_options()
sio = socketio.AsyncServer(
    async_mode="aiohttp",
    transports=options.transports.split(","),
    allow_upgrades=not options.no_upgrade,
    ping_interval=options.ping_interval,
    ping_timeout=options.ping_timeout,
    cors_allowed_origins="*",
)
users: dict[str, str] = {}
seen = {"sessions": [], "runs": [], "acknowledged": 0}


def now_ms() -> float:
    return (time.time() + options.clock_ahead) * 1000


@sio.on("connect", namespace=options.namespace)
async def connect(sid: str, environ: dict, auth: object) -> None:
    if options.refuse is not None:
        data = [] if options.refuse_code is None else [{"code": options.refuse_code}]
        raise socketio.exceptions.ConnectionRefusedError(options.refuse, *data)
    query = parse_qs(environ["QUERY_STRING"])
    seen["sessions"] += query["transport"]
    given = auth if isinstance(auth, dict) else {}
    if options.token is None:
        users[sid] = given.get("user", "nobody")
    else:
        secret, _, users[sid] = (given.get("token") or query.get("token", [""])[0]).partition(".")
        if secret != options.token:
            raise socketio.exceptions.ConnectionRefusedError("authentication failed", {"code": "AUTH_FAILED"})
    if not options.no_greeting:
        # It goes out before the acceptance itself, as whatever a handler emits at once.
        greeting = {"type": "connection_established", "userId": users[sid]}
        await sio.emit("agent_event", greeting, to=sid, namespace=options.namespace)


if options.clock != "silent":

    @sio.on("clock", namespace=options.namespace)
    async def clock(sid: str, asked_at: float) -> object:
        return now_ms() if options.clock == "number" else {"serverTime": now_ms()}


@sio.on("user_message", namespace=options.namespace)
async def user_message(sid: str, message: dict) -> None:
    seen["runs"].append(sio.eio.transport(sio.manager.eio_sid_from_sid(sid, options.namespace)))
    for seq, (kind, content) in enumerate(RUN, start=1):
        await asyncio.sleep(0.01)
        if kind == options.drop:
            continue
        event = {
            "type": kind,
            "runId": message["runId"],
            "threadId": message["threadId"],
            "userId": users[sid],
            "eventId": uuid.uuid4().hex,
            "seq": seq,
            "sentAt": now_ms(),
            "agent": "supervisor",
            **content,
        }
        if options.await_acks:
            await sio.call("agent_event", event, to=sid, namespace=options.namespace, timeout=10)
            seen["acknowledged"] += 1
        else:
            await sio.emit("agent_event", event, to=sid, namespace=options.namespace)


async def tell(request: web.Request) -> web.Response:
    return web.json_response(seen)


async def main() -> None:
    app = web.Application()
    app.router.add_get("/seen", tell)
    sio.attach(app, socketio_path=options.path)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    announce(runner.addresses[0][1])
    await asyncio.Event().wait()


asyncio.run(main())
