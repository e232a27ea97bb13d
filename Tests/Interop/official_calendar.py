"""The eight calendar tools by the official client of PyPI mcp 2.x, or, run in .venv-legacy, by that of 1.x.

    python official_calendar.py MODE APPOINTMENT -- COMMAND...

MODE is auto, legacy or 2026-07-28, and means nothing to 1.x. APPOINTMENT is the id of one on 2 March 2027, 13 to 14 o'clock, that no calendar shows yet.
Ends with exit code 0 and the word DONE, or with the exception.
"""

import asyncio
import json
import sys

from mcp import StdioServerParameters

from official_phone import connected, failed

DAY = "2027-03-02"


async def main(mode: str, appointment: str, command: list[str]) -> None:
    parameters = StdioServerParameters(command=command[0], args=command[1:], env=None)
    async with connected(parameters, mode) as client:
        assert len((await client.list_tools()).tools) == 8

        async def use(tool, **arguments):
            result = await client.call_tool(tool, arguments)
            assert not failed(result), f"{tool}: {result.content[0].text}"
            return result.structured_content if hasattr(result, "structured_content") else result.structuredContent

        calendars = await use("list_calendars")
        assert calendars["count"] >= 1 and calendars["calendars"][0]["primary"] is True
        visit = {"summary": "Grüße 🧹", "start": f"{DAY}T09:00", "end": f"{DAY}T11:00", "location": "5 Main St", "idempotency_key": "k"}
        event = (await use("create_event", **visit))["event"]
        assert (await use("create_event", **visit))["replayed"] and event["untrusted"] is True
        series = (await use("create_event", summary="Weekly", start=f"{DAY}T15:00", end=f"{DAY}T16:00", recurrence="FREQ=WEEKLY;COUNT=3"))["event"]
        assert (await use("get_event", event_id=event["id"]))["event"]["summary"] == "Grüße 🧹"
        placed = await use("sync_appointment", appointment_id=appointment)
        assert placed["status"] == "created"
        assert (await use("sync_appointment", appointment_id=appointment))["calendar_event_id"] == placed["calendar_event_id"]
        listed = await use("list_events", start=DAY, end=DAY)
        assert [e["start"][11:16] for e in listed["events"]] == ["09:00", "13:00", "15:00"] and listed["count"] == 3
        assert listed["events"][2]["series_id"] == series["id"]
        moved = (await use("update_event", event_id=event["id"], start=f"{DAY}T08:00"))["event"]
        assert moved["when"] == "Tue 2 Mar 2027, 08:00–10:00 CST" and moved["location"] == "5 Main St"
        free = await use("find_free_slots", start=DAY, end=DAY, duration_minutes="120")
        assert [s["start"][11:16] for s in free["free_slots"]] == ["10:00", "10:15", "10:30", "10:45", "11:00", "16:00"], free
        assert (await use("delete_event", event_id=listed["events"][2]["id"]))["deleted"] is True
        assert (await use("list_events", start=DAY, end="2027-03-31"))["count"] == 4

        refused = await client.call_tool("create_event", {**visit, "end": DAY + "T07:00", "idempotency_key": "other"})
        assert failed(refused) and "end" in refused.content[0].text
        assert any(p.name == "plan_day" for p in (await client.list_prompts()).prompts)
        prompt = await client.get_prompt("plan_day", {"date": DAY})
        assert "Grüße 🧹" in prompt.messages[0].content.resource.text
        content = (await client.read_resource(f"atlas://calendar/{DAY}")).contents[0]
        day = json.loads(content.text)
        assert [e["summary"] for e in day["events"]][0] == "Grüße 🧹" and day["free"] and day["untrusted"] is True
    print("DONE")


if __name__ == "__main__":
    split = sys.argv.index("--")
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[split + 1:]))
