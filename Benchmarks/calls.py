"""Calls that wait for their contact: TwilioServer links them beside pgbench, which runs the same statements."""

import re

# A call's number, in the forms in which its statements hold it: SQL of the number, as pgbench and psql compute it.
SID = "'CA' || lpad({n}::text, 32, '0')"
PHONE = "'+1989' || lpad({n}::text, 7, '0')"
WORD = "initcap(translate({n}::text, '0123456789', 'abcdefghij'))"
CLIENTS = 8


class Calls:
    """Calls by number, each of somebody nobody has met, understood and not linked."""

    def __init__(self, cluster, database):
        self.cluster, self.database = cluster, database
        self.next = 1 + int(cluster.sql(database, "SELECT count(*) FROM call_transcripts"))

    def write(self, count):
        """Writes that many down, as the steps before linking leave them; returns the number of the first."""
        first, self.next = self.next, self.next + count
        sid, phone, word = (text.format(n="n") for text in (SID, PHONE, WORD))
        self.cluster.sql(
            self.database,
            f"""
            INSERT INTO call_transcripts (id, call_sid, worked_call_sid, from_number, to_number, direction, business_context_id,
                duration_seconds, transcript, transcribed_at, extracted_data, summary, processed_at, status)
            SELECT md5('call ' || n)::uuid, {sid}, {sid}, {phone}, '+12175550100', 'inbound', '', 95,
                repeat('Agent: How can I help? Caller: I would like a quote for a deep clean. ', 20), now(),
                jsonb_build_object('customer_name', 'Nova ' || {word}, 'customer_phone', {phone}, 'intent', 'booking',
                    'services_mentioned', jsonb_build_array('deep cleaning'), 'preferred_date', 'Tuesday'),
                'Somebody would like a quote for a deep clean.', now(), 'extracting'
            FROM generate_series({first}, {self.next - 1}) AS n
            """,
        )
        self.cluster.sql(self.database, "VACUUM (ANALYZE) call_transcripts")
        return first

    @staticmethod
    def request(number):
        return ("tools/call", {"name": "process_call", "arguments": {"call_sid": "CA" + str(number).rjust(32, "0")}})

    def script(self, start):
        """What the server runs to link one call, as a pgbench script that links another one each time.

        `start` opens a server. The script takes the number of the client's first call from :first and of its last one so far from :i.
        """
        first = self.write(2)

        def action():
            with start() as server:
                server.open()
                for number in (first, first + 1):  # the first call of a connection sets things up
                    server.request(*self.request(number))

        statements = self.cluster.record(self.database, action)
        sid = "CA" + str(first + 1).rjust(32, "0")
        begun = next(index for index, text in enumerate(statements) if sid in text)
        body = ";\n".join(self.general(statements[begun:], first + 1)) + ";\n"
        return f"\\set i :i + 1\n\\set n :first + :client_id * 100000 + :i\n{body}"

    def general(self, statements, number):
        """The statements of call `number` as those of call :n. Ids that were made for it are made of :n."""
        (row, word) = self.cluster.sql(
            self.database, f"SELECT md5('call {number}')::uuid, {WORD.format(n=number)}"
        ).split("|")
        known = {
            "CA" + str(number).rjust(32, "0"): SID, "+1989" + str(number).rjust(7, "0"): PHONE,
            # The name as it is written, and as names are compared.
            word: WORD, row: "md5('call ' || {n})::uuid::text",
        }
        ids = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

        def literal(found):
            text = found[0][1:-1]
            for identity in ids.findall(text):
                known.setdefault(identity, f"md5('id {len(known)} ' || {{n}})::uuid::text")
            parts = re.split("(" + "|".join(re.escape(value) for value in known) + ")", text)
            if len(parts) == 1:
                return found[0]
            pieces = " || ".join(known[part].format(n=":n") if part in known else f"'{part}'" for part in parts if part)
            kind = "uuid" if ids.fullmatch(text) else "jsonb" if text.startswith('{"') else "text[]" if text.startswith("{") else "text"
            return f"({pieces})::{kind}"

        return [re.sub(r"'(?:[^']|'')*'", literal, text.rstrip("; \n")) for text in statements]


def measure(benchmark, cluster, database, at, calls, script, start):
    """One round: how many calls a second both link, eight at once."""
    seconds = benchmark.options.seconds
    # More than either links in that time; what is left is left to the next round's beginning.
    each = round(400 * seconds) + 100
    first = calls.next
    for client in range(CLIENTS):
        calls.next = first + client * 100_000 + 1
        calls.write(each)
    rate, _ = cluster.pgbench(database, [script], seconds, clients=CLIENTS, first=first, i=0)
    benchmark.report.note("calls linked, 8 at once", "pgbench", rate, "/s", at)

    calls.next = first + CLIENTS * 100_000
    first = calls.write(each * CLIENTS)
    with start() as server:
        server.cold_start()
        requests = [calls.request(first + index) for index in range(each * CLIENTS)]
        server.concurrent(requests[:50], 0.2, CLIENTS)  # to warm up; the connections open
        rate, times = server.concurrent(requests[50:], seconds, CLIENTS)
        benchmark.report.note("calls linked, 8 at once", "TwilioServer", rate, "/s", at)
        benchmark.report.note("calls linked p99, 8 at once", "TwilioServer", sorted(times)[int(len(times) * 0.99)] * 1e6, "µs", at)
