"""A whole conversation by the official client of PyPI mcp 1.x, run in .venv-legacy.

    python official_legacy.py CONTACT LOCKED -- COMMAND...

Ends with exit code 0 and the word DONE, or with the exception.
"""

import asyncio
import sys
from datetime import timedelta

from mcp import ClientSession, McpError, StdioServerParameters, types
from mcp.client.stdio import stdio_client
from pydantic import AnyUrl

URI = "atlas://contacts/"


async def main(contact: str, locked: str, command: list[str]) -> None:
    asked, updates, progress = [], [], []

    async def elicit(context, params):
        asked.append(params.message)
        return types.ElicitResult(action="accept", content={"confirm": True})

    async def hear(message):
        if isinstance(message, Exception):
            raise message
        if isinstance(message, types.ServerNotification) and isinstance(message.root, types.ResourceUpdatedNotification):
            updates.append(str(message.root.params.uri))

    async def step(done, total, message):
        progress.append(done)

    parameters = StdioServerParameters(command=command[0], args=command[1:])
    async with stdio_client(parameters) as (read, write):
        async with ClientSession(read, write, read_timeout_seconds=timedelta(seconds=20), elicitation_callback=elicit, message_handler=hear) as session:
            hello = await session.initialize()
            assert hello.protocolVersion == "2025-11-25" and hello.serverInfo.name == "atlas-crm"

            tools = (await session.list_tools()).tools
            assert {"search_contacts", "merge_contacts"} <= {tool.name for tool in tools} and all(tool.outputSchema for tool in tools)
            made = await session.call_tool("create_contact", {"full_name": "Zoë 😀 Official", "phone": "309-555-0142"})
            assert made.structuredContent["created"] and not made.isError
            mine = made.structuredContent["contact"]["id"]
            refused = await session.call_tool("search_contacts", {"limit": 500})
            assert refused.isError and "limit" in refused.content[0].text
            try:
                await session.call_tool("nope", {})
                raise AssertionError("an unknown tool was called")
            except McpError as error:
                assert error.error.code == -32602

            found = await session.call_tool("find_duplicates", {}, progress_callback=step)
            assert not found.isError and progress == sorted(progress)
            calls = [session.call_tool("get_contact", {"contact_id": mine}) for _ in range(20)]
            assert all(r.structuredContent["found"] for r in await asyncio.gather(*calls))

            first = session._request_id  # the id that the next request will have
            try:
                await session.call_tool("update_contact", {"contact_id": locked, "city": "X"}, read_timeout_seconds=timedelta(seconds=0.5))
                raise AssertionError("a locked row was updated")
            except McpError:
                pass
            cancel = types.CancelledNotification(params=types.CancelledNotificationParams(requestId=first, reason="timed out"))
            await session.send_notification(types.ClientNotification(cancel))
            try:  # this one is left running, as this client does
                await session.call_tool("update_contact", {"contact_id": locked, "city": "X"}, read_timeout_seconds=timedelta(seconds=0.5))
                raise AssertionError("a locked row was updated")
            except McpError:
                pass

            twin = (await session.call_tool("create_contact", {"full_name": "Zoe Official"})).structuredContent["contact"]["id"]
            merge = await session.call_tool("merge_contacts", {"keep_id": mine, "merge_id": twin})
            assert not merge.isError, merge.content[0].text
            assert len(asked) == 1, "the user was asked once"

            assert (await session.list_resource_templates()).resourceTemplates
            await session.list_resources()
            assert contact in (await session.read_resource(AnyUrl(URI + contact))).contents[0].text
            assert (await session.list_prompts()).prompts[0].name == "customer_brief"
            assert (await session.get_prompt("customer_brief", {"contact": contact})).messages
            reference = types.ResourceTemplateReference(type="ref/resource", uri=URI + "{contact_id}")
            assert (await session.complete(reference, {"name": "contact_id", "value": "Zo"})).completion.values

            await session.subscribe_resource(AnyUrl(URI + mine))
            await session.call_tool("update_contact", {"contact_id": mine, "notes": "changed"})
            await asyncio.sleep(0.3)
            assert updates == [URI + mine], updates
            await session.unsubscribe_resource(AnyUrl(URI + mine))
            await session.send_ping()


if __name__ == "__main__":
    at = sys.argv.index("--")
    asyncio.run(main(*sys.argv[1:at], sys.argv[at + 1:]))
    print("DONE")
