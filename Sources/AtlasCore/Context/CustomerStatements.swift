/// What is asked of the database about a customer: one statement for each source, which travel together.
///
/// Each finds the contact by itself, so that none waits for another's answer, and counts what it shows the newest of.
struct CustomerStatements {
    let lookup: CustomerSearch
    let limits: ContextLimits
    let detail: ContextDetail
    /// Whose letters are shown; nil for everybody's.
    let businessContextID: String?

    private var with: Query { lookup.with }
    private var who: Query { CustomerSearch.who }

    var interactions: Query {
        """
        \(with), n AS MATERIALIZED (
            SELECT count(*) AS total, max(occurred_at) FILTER (WHERE occurred_at <= now()) AS latest
            FROM contact_interactions WHERE contact_id = \(who)
        )
        SELECT \(.interaction), n.total, n.latest
        FROM (
            SELECT * FROM contact_interactions WHERE contact_id = \(who)
            ORDER BY occurred_at DESC, id LIMIT \(limits.interactions)
        ) i
        CROSS JOIN n
        ORDER BY occurred_at DESC, id
        """
    }

    /// The newest, and the next one to come, which may not be among them.
    var appointments: Query {
        """
        \(with)
        SELECT a.*, (SELECT count(*) FROM appointments WHERE contact_id = \(who)) AS total
        FROM (
            (SELECT \(.appointment), false AS is_next FROM appointments WHERE contact_id = \(who)
                ORDER BY start_time DESC, id LIMIT \(limits.appointments))
            UNION ALL
            (SELECT \(.appointment), true FROM appointments
                WHERE contact_id = \(who) AND status = 'confirmed' AND start_time > now()
                ORDER BY start_time, id LIMIT 1)
        ) a
        ORDER BY a.is_next, a.start_time DESC, a.id
        """
    }

    var calls: Query {
        let text: Query =
            detail == .detailed ? "left(t.transcript, \(Int32(ContextLengths.longestTranscript)))" : "NULL::text"
        return """
            \(with)
            SELECT \(.callTranscript(text: text)),
                (SELECT count(*) FROM call_transcripts WHERE contact_id = \(who)) AS total
            FROM call_transcripts t WHERE t.contact_id = \(who)
            ORDER BY t.created_at DESC, t.id LIMIT \(limits.calls)
            """
    }

    /// Calls that asked for a follow-up and were the last that happened: nobody wrote down an interaction since, and no appointment
    /// was made. The line that a call leaves in the history itself has the call's own time.
    var followUps: Query {
        """
        \(with), since AS MATERIALIZED (
            SELECT greatest(
                (SELECT max(occurred_at) FROM contact_interactions WHERE contact_id = \(who)),
                (SELECT max(created_at) FROM appointments WHERE contact_id = \(who) AND status <> 'cancelled'),
                '-infinity') AS moment
        )
        SELECT \(.callTranscript(text: "NULL::text")), count(*) OVER () AS total
        FROM call_transcripts t
        WHERE t.contact_id = \(who) AND t.extracted_data @> '{"follow_up_needed": true}'
            -- A row is as old as its call, or younger; the day is for clocks that differ.
            AND t.created_at >= (SELECT moment FROM since) - interval '1 day'
            AND coalesce(t.started_at, t.created_at) >= (SELECT moment FROM since)
        ORDER BY t.created_at DESC, t.id LIMIT \(limits.calls)
        """
    }

    /// What went to one of the contact's addresses, openly or not. A reference server may have written an address as it was given.
    var sentEmails: Query {
        """
        \(with), found AS MATERIALIZED (
            SELECT id, sent_at, status FROM sent_emails
            WHERE (to_addresses || cc_addresses || bcc_addresses)
                    && (SELECT c.emails || c.email::text FROM contacts c WHERE c.id = \(who))
                AND \(.left(by: businessContextID))
        )
        SELECT \(.sentEmail), (SELECT count(*) FROM found) AS total,
            (SELECT max(sent_at) FROM found WHERE status = 'sent') AS latest
        FROM sent_emails
        WHERE id = ANY (ARRAY(SELECT id FROM found ORDER BY sent_at DESC, id LIMIT \(limits.emails)))
        ORDER BY sent_at DESC, id
        """
    }
}
