"""A whole conversation by the official client of PyPI mcp 2.x.

    python official_modern.py MODE CONTACT LOCKED -- COMMAND...

MODE is auto, legacy or 2026-07-28; CONTACT an id; LOCKED the id of a contact whose update will not come back.
Ends with exit code 0 and the word DONE, or with the exception.
"""

import asyncio
import sys

from mcp import Client, MCPError, StdioServerParameters
from mcp_types import ElicitResult, PromptReference, ResourceTemplateReference

URI = "atlas://contacts/"


async def main(mode: str, contact: str, locked: str, command: list[str]) -> None:
    asked, updates, progress = [], [], []

    async def elicit(context, params):
        asked.append(params.message)
        return ElicitResult(action="accept", content={"confirm": True})

    async def hear(message):
        if "updated" in str(getattr(message, "method", "")):
            updates.append(str(message.params.uri))

    async def step(done, total, message):
        progress.append(done)

    parameters = StdioServerParameters(command=command[0], args=command[1:], env=None)
    async with Client(parameters, mode=mode, elicitation_callback=elicit, message_handler=hear, read_timeout_seconds=20) as client:
        modern = client.protocol_version == "2026-07-28"
        assert modern == (mode != "legacy"), client.protocol_version
        assert modern or client.protocol_version == "2025-11-25"
        if mode != "2026-07-28":
            assert client.server_info.name == "atlas-crm" and client.instructions

        tools = (await client.list_tools()).tools
        assert {"search_contacts", "merge_contacts"} <= {tool.name for tool in tools}
        assert all(tool.output_schema and tool.annotations for tool in tools)

        made = await client.call_tool("create_contact", {"full_name": "Zoë 😀 Official", "phone": "309-555-0142"})
        assert made.structured_content["created"] and not made.is_error
        mine = made.structured_content["contact"]["id"]
        refused = await client.call_tool("search_contacts", {"limit": 500})
        assert refused.is_error and "limit" in refused.content[0].text
        try:
            await client.call_tool("nope", {})
            raise AssertionError("an unknown tool was called")
        except MCPError as error:
            assert error.error.code == -32602

        found = await client.call_tool("find_duplicates", {}, progress_callback=step)
        assert not found.is_error and progress == sorted(progress)

        calls = [client.call_tool("get_contact", {"contact_id": mine}) for _ in range(20)]
        assert all(r.structured_content["found"] for r in await asyncio.gather(*calls))

        try:  # times out, and tells the server so
            await client.call_tool("update_contact", {"contact_id": locked, "city": "X"}, read_timeout_seconds=0.5)
            raise AssertionError("a locked row was updated")
        except MCPError:
            pass
        task = asyncio.create_task(client.call_tool("update_contact", {"contact_id": locked, "city": "Y"}))
        await asyncio.sleep(0.3)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

        twin = (await client.call_tool("create_contact", {"full_name": "Zoe Official"})).structured_content["contact"]["id"]
        merge = await client.call_tool("merge_contacts", {"keep_id": mine, "merge_id": twin})
        assert not merge.is_error, merge.content[0].text
        assert len(asked) == 1, "the user was asked once"

        templates = (await client.list_resource_templates()).resource_templates
        assert any(t.uri_template == URI + "{contact_id}" for t in templates)
        await client.list_resources()
        content = (await client.read_resource(URI + contact)).contents[0]
        assert contact in content.text
        try:
            await client.read_resource(URI + "00000000-0000-4000-8000-000000000000")
            raise AssertionError("a missing resource was read")
        except MCPError as error:
            assert error.error.code == (-32602 if modern else -32002)

        prompts = (await client.list_prompts()).prompts
        assert prompts[0].name == "customer_brief"
        assert (await client.get_prompt("customer_brief", {"contact": contact})).messages
        for reference, argument in ((ResourceTemplateReference(type="ref/resource", uri=URI + "{contact_id}"), "contact_id"),
                                    (PromptReference(type="ref/prompt", name="customer_brief"), "contact")):
            completed = await client.complete(reference, {"name": argument, "value": "Zo"})
            assert completed.completion.values, argument

        change = client.call_tool("update_contact", {"contact_id": mine, "notes": "changed"})
        if modern:
            async with client.listen(resource_subscriptions=[URI + mine]) as events:
                await change
                event = await asyncio.wait_for(anext(aiter(events)), 5)
                assert mine in str(event)
        else:
            await client.subscribe_resource(URI + mine)
            await change
            await asyncio.sleep(0.3)
            assert updates == [URI + mine], updates
            await client.unsubscribe_resource(URI + mine)
            await client.send_ping()


if __name__ == "__main__":
    at = sys.argv.index("--")
    asyncio.run(main(*sys.argv[1:at], sys.argv[at + 1:]))
    print("DONE")
