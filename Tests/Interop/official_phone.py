"""The ten telephony tools by the official client of PyPI mcp 2.x, or, run in .venv-legacy, by that of 1.x.

    python official_phone.py MODE CALL RECORDING -- COMMAND...

MODE is auto, legacy or 2026-07-28, and means nothing to 1.x. CALL and RECORDING are the SIDs of a call in progress and of its recording. Ends with exit code 0 and the word DONE, or with the
exception.
"""

import asyncio
import sys
from contextlib import asynccontextmanager
from datetime import timedelta

import mcp
from mcp import StdioServerParameters


@asynccontextmanager
async def connected(parameters: StdioServerParameters, mode: str):
    """A client after its handshake, if it has one: what both generations call alike."""
    if hasattr(mcp, "Client"):
        async with mcp.Client(parameters, mode=mode, read_timeout_seconds=20) as client:
            yield client
        return
    from mcp.client.stdio import stdio_client
    async with stdio_client(parameters) as (read, write):
        async with mcp.ClientSession(read, write, read_timeout_seconds=timedelta(seconds=20)) as session:
            await session.initialize()
            yield session


def failed(result) -> bool:
    return result.is_error if hasattr(result, "is_error") else result.isError


async def main(mode: str, call: str, recording: str, command: list[str]) -> None:
    steps = []

    async def step(done, total, message):
        steps.append((done, message))

    parameters = StdioServerParameters(command=command[0], args=command[1:], env=None)
    async with connected(parameters, mode) as client:
        assert len((await client.list_tools()).tools) == 14

        async def use(tool, **arguments):
            result = await client.call_tool(tool, arguments)
            assert not failed(result), f"{tool}: {result.content[0].text}"
            return result.structured_content if hasattr(result, "structured_content") else result.structuredContent

        made = await use("make_call", to="217-555-0134", message="Hello from the official client", idempotency_key="k")
        assert (await use("make_call", to="217-555-0134", message="Hello from the official client", idempotency_key="k"))["replayed"]
        assert (await use("get_call", call_sid=made["call_sid"]))["status"] == "queued"
        assert (await use("list_calls", limit="5"))["count"] >= 2, "a number may come as text"
        assert (await use("start_recording", call_sid=call))["status"] == "in-progress"
        assert (await use("stop_recording", call_sid=call, recording_sid=recording))["status"] == "stopped"
        assert (await use("list_recordings", call_sid=call))["count"] == 2
        assert (await use("get_recording", recording_sid=recording))["call_sid"] == call
        assert (await use("hangup_call", call_sid=call))["status"] == "completed"
        assert (await use("send_sms", to="217-555-0134", body="Zoë 😀"))["segments"] == 1
        assert (await use("lookup_phone", phone_number="217-555-0134"))["valid"] is True
        refused = await client.call_tool("send_sms", {"to": "nobody", "body": "Hi"})
        assert failed(refused) and "to must be" in refused.content[0].text

        processed = await client.call_tool("process_call", {"call_sid": call}, progress_callback=step)
        assert not failed(processed), processed.content[0].text
        assert steps[0] == (0, "recording") and steps == sorted(steps), steps
        prompt = await client.get_prompt("call_follow_up", {"call_sid": call})
        assert "next steps" in prompt.messages[-1].content.text
    print("DONE")


if __name__ == "__main__":
    split = sys.argv.index("--")
    asyncio.run(main(*sys.argv[1:split], sys.argv[split + 1:]))
