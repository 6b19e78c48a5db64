"""A model that says what it is told: a server on loopback for the Anthropic Messages API and the OpenAI Responses API.

Real clients talk to it and run real tools. A conversation is a list of steps, taken one for each request of the main
conversation; a subagent has a list of its own, found by a word of its prompt. Requests on the side (titles, summaries for a
compaction) are answered apart. Ids never repeat, and usage grows with what was sent, as with a real model.
"""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMPACTION = ("create a detailed summary of", "CONTEXT CHECKPOINT COMPACTION")


class Conversation:
    """Steps that wait to be said. A step: {"say": text, "calls": [{"name", "input"}]}; one without calls ends the turn."""

    def __init__(self):
        self.steps, self.asides, self.compaction, self.count = [], {}, "Nothing to add.", 0
        self.lock = threading.Lock()

    def next(self, text):
        with self.lock:
            self.count += 1
            for word, steps in self.asides.items():
                if word in text:
                    return self.count, (steps.pop(0) if steps else {"say": "Done."})
            return self.count, (self.steps.pop(0) if self.steps else {"say": "Done."})


def blocks(step, count):
    """The content of an Anthropic message."""
    out = []
    if step.get("say"):
        out.append({"type": "text", "text": step["say"]})
    for number, call in enumerate(step.get("calls", [])):
        out.append({"type": "tool_use", "id": f"toolu_{count:03d}{number}", "name": call["name"], "input": call["input"]})
    return out


def items(step, count):
    """The output items of an OpenAI response."""
    out = []
    if step.get("say"):
        content = [{"type": "output_text", "text": step["say"]}]
        out.append({"type": "message", "id": f"msg_{count:03d}", "role": "assistant", "content": content})
    for number, call in enumerate(step.get("calls", [])):
        ids = {"id": f"fc_{count:03d}{number}", "call_id": f"call_{count:03d}{number}", "name": call["name"]}
        if isinstance(call["input"], str):
            out.append({"type": "custom_tool_call", "input": call["input"], **ids})
        else:
            out.append({"type": "function_call", "arguments": json.dumps(call["input"]), **ids})
    return out


def handler(conversation, seen):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_GET(self):
            self.send_response(404)
            self.send_header("content-length", "0")
            self.end_headers()

        do_HEAD = do_GET

        def do_POST(self):
            raw = self.rfile.read(int(self.headers.get("content-length", 0)))
            try:
                request = json.loads(raw)
            except ValueError:
                request = {}
            seen.append({"path": self.path, "bytes": len(raw), "tools": [t.get("name") for t in request.get("tools") or []]})
            if "count_tokens" in self.path:
                return self.json({"input_tokens": len(raw) // 4})
            if "responses" in self.path:
                return self.answer_openai(request, len(raw))
            return self.answer_anthropic(request, len(raw))

        def json(self, value):
            body = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def open_stream(self):
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("connection", "close")
            self.end_headers()
            self.close_connection = True

        def event(self, kind, value):
            self.wfile.write(f"event: {kind}\ndata: {json.dumps({'type': kind, **value})}\n\n".encode())
            self.wfile.flush()

        def choose(self, last, everything, has_tools):
            if any(mark in last for mark in COMPACTION):
                return 900, {"say": conversation.compaction}
            if not has_tools:
                return 901, {"say": "ok"}
            return conversation.next(everything)

        def answer_anthropic(self, request, size):
            history = request.get("messages", [])
            count, step = self.choose(json.dumps(history[-1:]), json.dumps(history[:1]), bool(request.get("tools")))
            content = blocks(step, count)
            stop = "tool_use" if step.get("calls") else "end_turn"
            usage = {"input_tokens": 4, "cache_creation_input_tokens": 400, "cache_read_input_tokens": size // 4, "output_tokens": 1}
            last = sum(len(json.dumps(block)) for block in content) // 4 + 3
            message = {"id": f"msg_{count:03d}", "type": "message", "role": "assistant", "model": request.get("model"),
                       "content": [], "stop_reason": None, "stop_sequence": None, "usage": usage}
            if not request.get("stream"):
                return self.json({**message, "content": content, "stop_reason": stop, "usage": {**usage, "output_tokens": last}})
            self.open_stream()
            self.event("message_start", {"message": message})
            for index, block in enumerate(content):
                if block["type"] == "text":
                    start, delta = {**block, "text": ""}, {"type": "text_delta", "text": block["text"]}
                else:
                    start = {**block, "input": {}}
                    delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
                self.event("content_block_start", {"index": index, "content_block": start})
                self.event("content_block_delta", {"index": index, "delta": delta})
                self.event("content_block_stop", {"index": index})
            self.event("message_delta", {"delta": {"stop_reason": stop, "stop_sequence": None}, "usage": {"output_tokens": last}})
            self.event("message_stop", {})

        def answer_openai(self, request, size):
            history = request.get("input") or []
            count, step = self.choose(json.dumps(history[-1:]), "", True)
            usage = {"input_tokens": size // 4, "input_tokens_details": {"cached_tokens": size // 8}, "output_tokens": 20,
                     "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": size // 4 + 20}
            self.open_stream()
            self.event("response.created", {"response": {"id": f"resp_{count:03d}"}})
            for index, item in enumerate(items(step, count)):
                self.event("response.output_item.done", {"output_index": index, "item": item})
            self.event("response.completed", {"response": {"id": f"resp_{count:03d}", "usage": usage}})

    return Handler


def serve(conversation, seen):
    """Starts the server on a free port of loopback; returns it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(conversation, seen))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
