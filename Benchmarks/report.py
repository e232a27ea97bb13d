"""Keeps what was measured and holds it against the targets."""

import statistics


class Report:
    def __init__(self):
        # {(what, size): {who: [a value a round]}}
        self.values, self.units, self.facts = {}, {}, {}

    def note(self, what, who, value, unit, size=""):
        self.values.setdefault((what, size), {}).setdefault(who, []).append(value)
        self.units[what] = unit

    def fact(self, what, text):
        self.facts[what] = text

    # --- Targets

    def compare(self, what, ours, theirs, how, size="", other=None):
        """The median over the rounds of how(ours, theirs)."""
        left = self.values.get((what, size), {}).get(ours)
        right = self.values.get((other or what, size), {}).get(theirs)
        if not left or not right:
            return None
        return statistics.median(how(a, b) for a, b in zip(left, right))

    def median(self, what, who, size=""):
        values = self.values.get((what, size), {}).get(who)
        return statistics.median(values) if values else None

    def targets(self, sizes):
        """(what, measured, the target in words, whether it is reached), in the order of the table."""
        ratio, difference = (lambda a, b: a / b), (lambda a, b: a - b)
        rows = []

        def row(what, value, target, limit, show, at_least=False):
            if value is None:
                rows.append((what, "–", target, None))
            else:
                rows.append((what, show(value), target, value >= limit if at_least else value <= limit))

        def part(value):
            return f"1/{1 / value:.0f}"

        def times(value):
            return f"{value:.2f} ×"

        names = [f"{size:,}" for size in sizes]
        for server in ("CRMServer", "EmailServer", "CalendarServer", "TwilioServer"):
            value = self.compare("cold start", server, "FastMCP", ratio)
            row(f"cold start of {server} to tools/list, of FastMCP's", value, "≤ 1/40", 1 / 40, part)
            value = self.compare("memory at start", server, "FastMCP", ratio)
            row(f"memory of {server} at start, of FastMCP's", value, "≤ 1/4", 1 / 4, lambda v: f"1/{1 / v:.1f}")
        for name in names:
            value = self.median("memory after load", "CRMServer", name)
            theirs = self.median("memory after load", "FastMCP")
            value = value / theirs if value and theirs else None
            row(f"memory after load, of FastMCP's, at {name}", value, "≤ 1/3", 1 / 3, lambda v: f"1/{1 / v:.1f}")
        row("ping p50, of FastMCP's", self.compare("ping p50", "CRMServer", "FastMCP", ratio), "≤ 1/20", 1 / 20, part)
        value = self.compare("ping, 64 in flight", "CRMServer", "FastMCP", ratio)
        row("ping rate with 64 in flight, to FastMCP's", value, "≥ 25 ×", 25, lambda v: f"{v:.0f} ×", at_least=True)
        for name in names:
            value = self.compare("get_contact p50", "CRMServer", "pgbench", difference, name)
            row(f"get_contact p50 over pgbench's, at {name}", value, "≤ 80 µs", 80, lambda v: f"{v:.0f} µs")
        for name in names:
            value = self.compare(
                "get_contact, 64 in flight", "CRMServer", "pgbench, 8 clients", ratio, name, "get_contact, many in flight"
            )
            row(
                f"get_contact rate with 64 in flight, of 8-client pgbench's, at {name}", value, "≥ 35 %", 0.35,
                lambda v: f"{v:.0%}", at_least=True,
            )
        for kind in ("by phone", "by e-mail"):
            for name in names:
                what = f"search_contacts {kind} p50"
                # Measured between two blocks of get_contact: against the mean of both.
                values = [
                    self.compare(what, "CRMServer", "CRMServer", ratio, name, other)
                    for other in ("get_contact p50", "get_contact p50 again")
                ]
                value = None if None in values else 2 / (1 / values[0] + 1 / values[1])
                row(f"search_contacts {kind}, to get_contact, at {name}", value, "≤ 1.25 ×", 1.25, times)
        for name in names:
            value = self.compare("search_contacts by name p50", "CRMServer", "pgbench", ratio, name)
            row(f"search_contacts by name, to pgbench, at {name}", value, "≤ 1.3 ×", 1.3, times)
        for name in names:
            value = self.median("list_contacts p50", "CRMServer", name)
            row(f"first page of list_contacts, at {name}", value, "≤ 0.4 ms", 400, lambda v: f"{v / 1000:.2f} ms")
        for name in names:
            value = self.compare(
                "create_contact p50", "CRMServer", "pgbench INSERT", lambda a, b: (a - 100) / b, name
            )
            row(f"create_contact less 0.1 ms, to a durable INSERT, at {name}", value, "≤ 1.5 ×", 1.5, times)
        for name in names:
            value = self.compare("calls linked, 8 at once", "TwilioServer", "pgbench", ratio, name)
            row(f"calls linked a second, of 8-client pgbench's, at {name}", value, "≥ 50 %", 0.5, lambda v: f"{v:.0%}", at_least=True)
        value = self.compare("list_inbox of 100", "mcp-email-server", "EmailServer", ratio)
        row("list_inbox of 100 messages, the peer's time to ours", value, "≥ 5 ×", 5, times, at_least=True)
        value = self.median("list_inbox of 100, in round trips of 40 ms", "EmailServer")
        row("list_inbox of 100 messages, in round trips of 40 ms", value, "< 3", 3, lambda v: f"{v:.1f}")
        for verbs in ("SEARCH or SORT", "FETCH"):
            value = self.median(f"{verbs} for each", "EmailServer")
            row(f"{verbs} for a list of 100 messages", value, "1", 1, lambda v: f"{v:.1f}")
        for name in names:
            answered = self.values.get(("answered of 32 at end of input", name), {}).get("CRMServer")
            codes = self.values.get(("exit code", name), {}).get("CRMServer")
            if answered:
                rows.append((
                    f"answered of 32 in flight at end of input, at {name}", f"{min(answered)}, exit {max(codes)}",
                    "32, exit 0", min(answered) == 32 and set(codes) == {0},
                ))
        for name in names:
            value = self.compare("p99 of 63 in flight", "beside a slow one", "alone", ratio, name)
            row(f"p99 of 63 calls beside a slow one, to without it, at {name}", value, "≤ 3 ×", 3, times)
        return rows

    # --- Text

    def markdown(self, sizes):
        lines = ["## Targets", "", "| what | measured | target | |", "| --- | --- | --- | --- |"]
        words = {True: "ok", False: "**miss**", None: "not measured"}
        lines += [f"| {what} | {value} | {target} | {words[holds]} |" for what, value, target, holds in self.targets(sizes)]
        lines += ["", "## Measured", "", "Medians over the rounds, with the least and the greatest.", ""]
        lines += ["| what | contacts | who | median | from | to | |", "| --- | --- | --- | --- | --- | --- | --- |"]
        for (what, size), people in self.values.items():
            for who, values in people.items():
                shown = [number(value) for value in (statistics.median(values), min(values), max(values))]
                lines.append(f"| {what} | {size} | {who} | {' | '.join(shown)} | {self.units[what]} |")
        lines += ["", "## How", ""]
        lines += [f"- {what}: {text}" for what, text in self.facts.items() if not what.startswith("SQL")]
        for what, text in self.facts.items():
            if what.startswith("SQL"):
                lines += ["", f"{what}, as the server sent it and pgbench repeated it:", "", "```sql", text.strip(), "```"]
        return "\n".join(lines)

    def everything(self):
        return {
            "facts": self.facts,
            "values": [
                {"what": what, "contacts": size, "who": who, "unit": self.units[what], "rounds": values}
                for (what, size), people in self.values.items()
                for who, values in people.items()
            ],
        }


def number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}" if value < 10 else f"{value:.1f}"
