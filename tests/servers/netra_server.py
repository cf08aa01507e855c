"""Netra's wire on the stack that Netra itself runs on (FastAPI, uvicorn, websockets), for tests/integration/python-netra.test.ts.

Login, subprotocol, welcome or handshake, heartbeats, the envelopes of several releases, and the closes that its clients meet.
It shares no line with the monitor. `GET /seen` tells what the server saw itself.
It listens on a free port of the loopback and prints {"port": n} when it is ready.
"""
import argparse
import asyncio
import base64
import hashlib
import hmac
import itertools
import json
import socket as sockets
import time
import uuid
from datetime import datetime, timezone

import uvicorn
from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse
from parent import announce

BYPASS_KEY = "e2e-bypass-key"
SIGNING_KEY = b"of this process alone"
TOKEN_PREFIXES = ("jwt.", "jwt-auth.", "bearer.", "staging-auth.")
CLOSE_REASONS = {1008: "Token expired", 1011: "Internal error"}
RUN = [
    ("agent_started", {"status": "started"}),
    ("agent_thinking", {"reasoning": "The billing data should tell."}),
    ("tool_executing", {"tool_name": "cost_query", "parameters": {"months": 3}}),
    ("tool_completed", {"tool_name": "cost_query", "results": {"total": 1042}}),
    ("agent_completed", {"status": "completed", "final_response": "Most of it is storage."}),
]


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--greeting", choices=["welcome", "handshake"], default="welcome")
    parser.add_argument("--envelope", choices=["payload", "flat", "bridge"], default="bridge")
    parser.add_argument("--drop", metavar="TYPE", help="events of this type are never sent")
    parser.add_argument("--close", type=int, metavar="CODE", help="closes the first connection so, after so many events (--after)")
    parser.add_argument("--close-all", type=int, metavar="CODE", help="closes every connection so, as soon as it is accepted")
    parser.add_argument("--after", type=int, default=2, metavar="EVENTS")
    parser.add_argument("--no-error-frame", action="store_true", help="a bad token is told by the close alone")
    parser.add_argument("--clock-ahead", type=float, default=0, metavar="SECONDS", help="how far the server's clock is ahead")
    parser.add_argument("--degraded", action="store_true", help="/ws/health says so, with status 200")
    return parser.parse_args()


options = read_options()
app = FastAPI()
seen = {"logins": 0, "subprotocols": [], "pongs": 0, "acknowledgements": 0}
closes_left = 0 if options.close is None else 1


def now() -> float:
    return time.time() + options.clock_ahead


def iso_now() -> str:
    return datetime.fromtimestamp(now(), timezone.utc).isoformat()


# Sign-in: an HS256 token by hand, so that no package more is needed.


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signature(text: str) -> str:
    return base64url(hmac.new(SIGNING_KEY, text.encode(), hashlib.sha256).digest())


def token_for(user: str) -> str:
    header, claims = {"alg": "HS256", "typ": "JWT"}, {"sub": user, "iss": "netra-auth-service", "exp": int(time.time()) + 900}
    text = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
    return f"{text}.{signature(text)}"


def user_of(token: str) -> str | None:
    text, _, signed = token.rpartition(".")
    if not hmac.compare_digest(signed, signature(text)):
        return None
    claims = text.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"]


@app.post("/auth/e2e/test-auth")
async def login(request: Request) -> JSONResponse:
    if request.headers.get("x-e2e-bypass-key") != BYPASS_KEY:
        return JSONResponse({"detail": "Invalid E2E bypass key"}, status_code=401)
    seen["logins"] += 1
    email = (await request.json())["email"]
    user = "e2e-" + email.split("@")[0]
    user_fields = {"id": user, "email": email}
    return JSONResponse({"access_token": token_for(user), "token_type": "Bearer", "expires_in": 900, "user": user_fields})


@app.get("/health")
async def health() -> dict:
    return {"status": "ok"}


@app.get("/ws/health")
async def websocket_health() -> dict:
    return {"status": "degraded" if options.degraded else "healthy", "timestamp": iso_now(), "components": {"manager": not options.degraded}}


@app.get("/seen")
async def what_was_seen() -> dict:
    return seen


# Envelopes: one event as three releases write it. `at` counts the events of a run.


def in_payload(kind: str, at: int, ids: dict, content: dict) -> dict:
    """Two times, the inner one in seconds; between start and end no run is named."""
    named = {"run_id": ids["run_id"]} if kind in ("agent_started", "agent_completed") else {}
    payload = {"agent_name": "triage", **named, **content, "timestamp": now()}
    return {"type": kind, "payload": payload, "timestamp": iso_now(), "thread_id": ids["thread_id"]}


def flat(kind: str, at: int, ids: dict, content: dict) -> dict:
    """Times now as seconds, now as text; thinking goes out under a wrong type, as that release's emitter does it."""
    kind = "reasoning" if kind == "agent_thinking" else kind
    return {"timestamp": now() if at % 2 == 0 else iso_now(), "critical": True, "type": kind, "execution_id": None, **ids, **content}


def bridged(kind: str, at: int, ids: dict, content: dict) -> dict:
    """Ids and the tool on the outside, the rest in `data`."""
    outside = {"tool_name": content["tool_name"]} if "tool_name" in content else {}
    return {"type": kind, **ids, "agent_name": "supervisor", **outside, "event_id": uuid.uuid4().hex, "timestamp": iso_now(), "data": content}


ENVELOPES = {"payload": in_payload, "flat": flat, "bridge": bridged}
run_numbers = itertools.count(1)
handshakes = itertools.count()


class Session:
    """One connection that signed in."""

    def __init__(self, websocket: WebSocket, user: str) -> None:
        self.websocket = websocket
        self.user = user
        self.thread: str | None = None
        self.is_ready = options.greeting == "welcome"
        self.runs: list[asyncio.Task] = []

    async def say(self, kind: str, data: dict) -> None:
        await self.websocket.send_json({"type": kind, "data": data, "timestamp": now(), "server_id": None, "correlation_id": None})

    async def greet(self) -> None:
        connection = f"main_{uuid.uuid4().hex[:8]}"
        if options.greeting == "welcome":
            # This release cuts the user's name short.
            short = self.user[:8] + "..."
            await self.say("connection_established", {"mode": "main", "user_id": short, "connection_id": connection, "timestamp": iso_now()})
        else:
            self.thread = f"thread_{uuid.uuid4().hex[:8]}"
            established = {"type": "connection_established", "data": {"connection_id": connection, "user_id": self.user}}
            response = {"type": "handshake_response", "thread_id": self.thread, "run_id": "run_handshake", "message": "Handshake complete"}
            # Some are welcomed first, some after the response only, and some twice.
            order = [(established, response, established), (response, established)][next(handshakes) % 2]
            for message in order:
                await self.websocket.send_json(message)
        await self.say("ping", {"timestamp": now()})

    async def hear(self, message: dict) -> None:
        kind = message.get("type")
        if kind == "ping":
            await self.say("pong", {"timestamp": now(), "user_id": self.user})
        elif kind == "pong":
            seen["pongs"] += 1
        elif kind == "handshake_acknowledged" and message.get("thread_id") == self.thread:
            seen["acknowledgements"] += 1
            self.is_ready = True
            await self.websocket.send_json({"type": "handshake_complete"})
        elif kind == "user_message" and self.is_ready:
            payload = message["payload"]
            if self.thread is not None and payload["thread_id"] != self.thread:
                await self.websocket.send_json({"type": "error", "payload": {"error": "unknown thread"}})
            else:
                self.runs.append(asyncio.create_task(self.play(payload)))
        # What comes before the handshake is complete is lost, and so is what nobody knows.

    async def play(self, payload: dict) -> None:
        global closes_left
        # A release that names runs and threads itself, or one that takes the client's names.
        names_itself = options.envelope == "payload"
        run = f"run_chat_{next(run_numbers)}" if names_itself else payload["run_id"]
        ids = {"run_id": run, "thread_id": payload["thread_id"], "user_id": self.user}
        for at, (kind, content) in enumerate(RUN):
            if closes_left > 0 and at == options.after:
                closes_left -= 1
                return await self.websocket.close(options.close, CLOSE_REASONS.get(options.close))
            await asyncio.sleep(0.01)
            if kind != options.drop:
                await self.websocket.send_json(ENVELOPES[options.envelope](kind, at, ids, content))
        await self.say("heartbeat", {"timestamp": iso_now(), "stats": {"agent_events_processed": len(RUN)}})


@app.websocket("/ws")
async def events(websocket: WebSocket) -> None:
    chosen = next((offered for offered in websocket.scope["subprotocols"] if offered.startswith(TOKEN_PREFIXES)), None)
    await websocket.accept(subprotocol=chosen)
    seen["subprotocols"].append(chosen)
    if options.close_all is not None:
        return await websocket.close(options.close_all, CLOSE_REASONS.get(options.close_all))
    token = "" if chosen is None else chosen.partition(".")[2]
    user = user_of(token or websocket.query_params.get("token", ""))
    if user is None:
        if not options.no_error_frame:
            error = {"error_code": "AUTH_FAILED", "error_message": "JWT signature does not match", "details": {}}
            await websocket.send_json({"type": "error_message", **error, "timestamp": now(), "recovery_suggestions": None})
        return await websocket.close(1008, "Authentication failed")
    session = Session(websocket, user)
    try:
        await session.greet()
        while True:
            await session.hear(await websocket.receive_json())
    except (WebSocketDisconnect, RuntimeError, AssertionError):
        # The client is gone, or the connection was closed from here.
        for run in session.runs:
            run.cancel()


def main() -> None:
    listener = sockets.create_server(("127.0.0.1", 0))
    app.add_event_handler("startup", lambda: announce(listener.getsockname()[1]))
    uvicorn.Server(uvicorn.Config(app, log_level="error", ws="websockets")).run(sockets=[listener])


main()
