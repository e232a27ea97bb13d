#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Which contacts have the identities of many people, or might: ``ContactLook`` for a whole page of a file.
struct ContactFindings {
    struct RivalKey: Hashable {
        var contact: UUID
        var business: String
    }

    private(set) var candidates: [UUID: ContactUpsert.Candidate] = [:]
    private(set) var rivals: [RivalKey: UUID] = [:]
    /// By which of the identities asked for each contact was found.
    private(set) var reasons: [UUID: Set<String>] = [:]

    /// The contacts that people without an identity may be: one name, and none of it either.
    static func namesakes(_ names: [String]) -> Query {
        """
        SELECT \(.contact), NULL::text AS asked, NULL::text AS asked_in, '{}'::text[] AS identities, NULL::uuid AS rival
        FROM (SELECT DISTINCT atlas_search_name(name) AS name FROM unnest(\(names)) AS name) n
        CROSS JOIN LATERAL (
            SELECT * FROM contacts
            WHERE search_name = n.name AND phone_e164 IS NULL AND emails = '{}' AND status <> 'archived'
            ORDER BY created_at, id LIMIT 50
        ) c
        """
    }

    /// What is written of these identities anywhere: cheap where nothing is, as among new people. A few that only resemble them come,
    /// too; ``found(_:in:)`` tells them apart.
    static func traces(of identities: [SoughtIdentity]) -> Query {
        let phones = Set(identities.filter(\.isPhone).map { String($0.value.suffix(7)) })
        let emails = Set(identities.filter { !$0.isPhone }.map(\.value))
        return """
            SELECT value, identifies FROM contact_identities WHERE kind = 'phone' AND right(value, 7) = ANY (\(Array(phones)))
            UNION ALL
            SELECT value, identifies FROM contact_identities WHERE kind = 'email' AND value = ANY (\(Array(emails)))
            LIMIT \(mostTraces)
            """
    }

    private static let mostTraces = 4000

    /// Those of `identities` for which ``look(_:)`` would find something, by what ``traces(of:)`` gave.
    static func found(_ identities: [SoughtIdentity], in traces: Rows) throws -> [SoughtIdentity] {
        guard !traces.isEmpty else { return [] }
        guard traces.count < mostTraces else { return identities }
        var values: Set<String> = []
        var endings: Set<Substring> = []
        for row in traces {
            let value: String = try row.get("value")
            values.insert(value)
            if try !row.get("identifies", as: Bool.self) { endings.insert(value.suffix(10)) }
        }
        return identities.filter { values.contains($0.value) || $0.isPhone && endings.contains($0.value.suffix(10)) }
    }

    /// The contacts of every business that have these identities, or wrote them: one row for each identity asked for and found.
    static func look(_ identities: [SoughtIdentity]) -> Query {
        let phones = identities.filter(\.isPhone)
        let emails = identities.filter { !$0.isPhone }
        return """
            SELECT \(.contact), i.asked, i.asked_in,
                ARRAY(SELECT m.value FROM contact_identities m WHERE m.contact_id = c.id AND m.identifies) AS identities,
                CASE WHEN c.business_context_id IS NULL AND i.asked_in IS NOT NULL THEN (
                    SELECT o.contact_id FROM contact_identities m
                    JOIN contact_identities o ON o.business_context_id = i.asked_in AND o.kind = m.kind
                        AND o.value = m.value AND o.identifies
                    WHERE m.contact_id = c.id AND m.identifies LIMIT 1
                ) END AS rival
            FROM (
                SELECT f.contact_id, asked, asked_in
                FROM unnest(\(phones.map(\.value)), \(phones.map(\.businessContextID))) AS a (asked, asked_in)
                CROSS JOIN LATERAL (
                    SELECT * FROM contact_identities
                    WHERE kind = 'phone' AND right(value, 7) = right(asked, 7)
                        AND (value = asked OR NOT identifies AND right(value, 10) = right(asked, 10))
                    LIMIT 50
                ) f
                UNION ALL
                SELECT f.contact_id, asked, asked_in
                FROM unnest(\(emails.map(\.value)), \(emails.map(\.businessContextID))) AS a (asked, asked_in)
                CROSS JOIN LATERAL (
                    (SELECT * FROM contact_identities WHERE kind = 'email' AND value = asked AND identifies LIMIT 50)
                    UNION ALL
                    (SELECT * FROM contact_identities WHERE kind = 'email' AND value = asked AND NOT identifies LIMIT 20)
                ) f
            ) i
            JOIN contacts c ON c.id = i.contact_id
            """
    }

    init() {}

    /// - Parameter rows: what ``look(_:)`` or ``namesakes(_:)`` found.
    init(_ rows: Rows) throws {
        for row in rows {
            let id: UUID = try row.get("id")
            if candidates[id] == nil {
                candidates[id] = ContactUpsert.Candidate(
                    contact: try Contact(row: row), identities: Set(try row.get("identities", as: [String].self)),
                    rival: nil)
            }
            if let asked: String = try row.get("asked") { reasons[id, default: []].insert(asked) }
            if let rival: UUID = try row.get("rival"), let business: String = try row.get("asked_in") {
                rivals[RivalKey(contact: id, business: business)] = rival
            }
        }
    }
}

/// A phone or e-mail address, and for which business it is looked up.
struct SoughtIdentity: Hashable {
    var value: String
    var businessContextID: String?

    var isPhone: Bool { value.first == "+" }

    /// As `atlas_lock_identities` takes it.
    var lock: String { (isPhone ? "phone:" : "email:") + value }
}

extension KnownPerson {
    var identities: [SoughtIdentity] {
        numbers.map { SoughtIdentity(value: $0.e164, businessContextID: businessContextID) }
            + emailAddresses.map { SoughtIdentity(value: $0.text, businessContextID: businessContextID) }
    }
}
