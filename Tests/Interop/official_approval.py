"""A text message that needs a person's yes, by the official client of PyPI mcp 2.x.

    python official_approval.py MODE ANSWER -- COMMAND...

MODE is auto, legacy or 2026-07-28; ANSWER what the person does with the form: yes, no or cancel. Ends with exit code 0 and one JSON
document: what was asked, and what came of it.
"""

import asyncio
import json
import sys

from mcp import Client, StdioServerParameters
from mcp_types import ElicitResult

CALL = {"to": "217-555-0134", "body": "See you at nine", "idempotency_key": "official"}


async def main(mode: str, answer: str, command: list[str]) -> None:
    asked = []

    async def elicit(context, params):
        asked.append(params.message)
        if answer == "cancel":
            return ElicitResult(action="cancel")
        return ElicitResult(action="accept", content={"approve": answer == "yes"})

    parameters = StdioServerParameters(command=command[0], args=command[1:], env=None)
    async with Client(parameters, mode=mode, elicitation_callback=elicit, read_timeout_seconds=20) as client:
        results = [await client.call_tool("send_sms", CALL) for _ in range(2)]
    print(json.dumps({
        "asked": asked, "failed": [r.is_error for r in results], "said": [r.content[0].text for r in results],
        "replayed": [(r.structured_content or {}).get("replayed") for r in results]}))


if __name__ == "__main__":
    split = sys.argv.index("--")
    asyncio.run(main(*sys.argv[1:split], sys.argv[split + 1:]))
