"""The eight mail tools by the official client of PyPI mcp 2.x, or, run in .venv-legacy, by that of 1.x.

    python official_mail.py MODE -- COMMAND...

MODE is auto, legacy or 2026-07-28, and means nothing to 1.x. There is one message in the mailbox, a question of Ann's. Ends with exit code 0 and
the word DONE, or with the exception.
"""

import asyncio
import datetime
import sys
from urllib.parse import quote

from mcp import StdioServerParameters

from official_phone import connected, failed


async def main(mode: str, command: list[str]) -> None:
    parameters = StdioServerParameters(command=command[0], args=command[1:], env=None)
    async with connected(parameters, mode) as client:
        assert len((await client.list_tools()).tools) == 8

        async def use(tool, **arguments):
            result = await client.call_tool(tool, arguments)
            assert not failed(result), f"{tool}: {result.content[0].text}"
            return result.structured_content if hasattr(result, "structured_content") else result.structuredContent

        listed = await use("list_inbox", max_results="5")
        question = listed["messages"][0]
        assert listed["count"] == 1 and question["subject"] == "Wie viel? 😀"
        assert (await use("search_inbox", query="from:ann subject:viel"))["total_matched"] == 1
        read = (await use("get_message", message_id=question["id"]))["message"]
        assert "How much is it?" in read["body_text"] and read["untrusted"] is True
        answer = await use("send_email", reply_to_message_id=question["id"], body="Zwölf.", idempotency_key="k")
        assert (await use("send_email", reply_to_message_id=question["id"], body="Zwölf.", idempotency_key="k"))["replayed"]
        assert answer["accepted"] == ["ann@north.example"]
        thread = (await use("get_thread", thread_id=question["thread_id"]))["thread"]
        assert [m["subject"] for m in thread["messages"]] == ["Wie viel? 😀", "Re: Wie viel? 😀"]
        day = (datetime.date.today() + datetime.timedelta(days=9)).isoformat()
        estimate = await use("send_estimate", to="ann@north.example", client_name="Ann", address="5 Main St", service_date=day, service_time="9:00", price=150,
                             client_type="residential")
        assert estimate["success"] and estimate["template"]
        proposal = await use("send_proposal", to="ann@north.example", client_name="Ann", contact_name="Ann Lee", address="5 Main St", areas_to_clean="All",
                             cleaning_description="Windows", price="150", client_type="residential")
        assert proposal["pdf_attached"] is False
        assert (await use("list_sent_history"))["count"] == 3

        refused = await client.call_tool("search_inbox", {"query": "label:x"})
        assert failed(refused) and "label" in refused.content[0].text
        assert any(t.name == "draft_reply" for t in (await client.list_prompts()).prompts)
        prompt = await client.get_prompt("draft_reply", {"message_id": question["id"]})
        assert question["id"] in prompt.messages[-1].content.text
        templates = await client.list_resource_templates()
        found = getattr(templates, "resource_templates", None) or templates.resourceTemplates
        assert len(found) == 1
        content = (await client.read_resource("atlas://messages/" + quote(question["id"], safe=""))).contents[0]
        assert "How much is it?" in content.text
    print("DONE")


if __name__ == "__main__":
    split = sys.argv.index("--")
    asyncio.run(main(sys.argv[1], sys.argv[split + 1:]))
