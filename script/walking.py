"""What the walks of script/demo share: a session that prints both sides, and promises that are told when they hold."""

import json
import os
import sys
import time

colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def paint(code, text):
    return f"\033[{code}m{text}\033[0m" if colours else text


def title(text):
    print(f"\n{paint('1', text)}")


def short(value):
    """JSON without what is empty, cut where it gets long."""
    text = json.dumps(filled(value), ensure_ascii=False)
    return text if len(text) <= 400 else text[:397] + "…"


def filled(value):
    if isinstance(value, dict):
        return {k: filled(v) for k, v in value.items() if v not in (None, [], {}, "")}
    if isinstance(value, list):
        return [filled(v) for v in value]
    return value


def expect(holds, what):
    """A promise: told when it holds, the end of the demo when it does not."""
    if not holds:
        print(paint("31", f"  ✗ {what}"))
        raise SystemExit(f"demo: this did not hold: {what}")
    print(paint("32", f"  ✓ {what}"))


class Session:
    def __init__(self, server):
        self.server = server

    def ask(self, method, params=None, show=short, said=None):
        """Sends one request, prints both sides, returns the result."""
        said = said or f"{method} {json.dumps(params, ensure_ascii=False) if params else ''}".rstrip()
        print(f"  {paint('36', '→')} {said}")
        started = time.perf_counter()
        result = self.server.request(method, params)
        took = (time.perf_counter() - started) * 1000
        print(f"  {paint('33', '←')} {show(result)} {paint('2', f'{took:.1f} ms')}")
        return result

    def use(self, tool, arguments):
        said = f"{tool} {json.dumps(arguments, ensure_ascii=False)}"
        params = {"name": tool, "arguments": arguments}
        return self.ask("tools/call", params, show=lambda r: short(answer(r)), said=said)

    def call(self, tool, **arguments):
        result = self.use(tool, arguments)
        if result.get("isError"):
            raise SystemExit(f"demo: {tool} failed: {answer(result)}")
        return result["structuredContent"]

    def refused(self, tool, **arguments):
        result = self.use(tool, arguments)
        expect(result.get("isError") is True, "refused, not half done")
        return result


def answer(result):
    if result.get("isError"):
        return {"isError": True, "text": result["content"][0]["text"], "_meta": result.get("_meta")}
    return result.get("structuredContent", result)
