#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

extension Contacts {
    /// Groups of contacts that look like one person: a phone or an e-mail address that several have, then the same name at the
    /// same address. In each, the one to keep comes first: active, then the oldest.
    public func findDuplicates(limit: Int = 20) async throws -> [DuplicateGroup] {
        let page = try PageRange(limit: limit, offset: 0)
        return try await database.look { connection in
            let groups = try connection.query("SELECT * FROM atlas_find_duplicates(\(Int32(page.limit)))").map { row in
                (
                    reason: try row.get("reason", as: String.self), value: try row.get("value", as: String?.self),
                    ids: try row.get("contact_ids", as: [UUID].self)
                )
            }
            let ids = Array(Set(groups.flatMap { $0.ids.prefix(20) }))
            let contacts = try connection.all(
                "SELECT \(.contact) FROM contacts c WHERE c.id = ANY(\(ids))", as: Contact.self)
            let known = Dictionary(uniqueKeysWithValues: contacts.map { ($0.id, $0) })
            let named = groups.filter { !WithheldCaller.codes.contains($0.value ?? "") }.map { group in
                DuplicateGroup(
                    reason: Self.words(group.reason), value: group.value,
                    contacts: group.ids.prefix(20).compactMap { known[$0]?.presentable }.sorted(by: Self.isOlder))
            }
            return page.cut(named.filter { $0.contacts.count > 1 }).rows
        }
    }

    private static func words(_ reason: String) -> String {
        switch reason {
        case "phone": "the same phone"
        case "email": "the same e-mail address"
        case "name": "the same name and address"
        default: reason
        }
    }

    private static func isOlder(_ left: Contact, _ right: Contact) -> Bool {
        let (isLeftActive, isRightActive) = (left.status == "active", right.status == "active")
        if isLeftActive != isRightActive { return isLeftActive }
        return (left.createdAt, left.id.uuidString) < (right.createdAt, right.id.uuidString)
    }

    /// Moves everything that points at `mergeID` to `keepID`, fills the blanks of the kept contact, unites the lists, keeps what
    /// differs, and archives the other one with `metadata.merged_into`. Nothing is lost.
    ///
    /// - Throws: `invalid_argument` for one and the same, `not_found`, `conflict` when one was merged away before.
    public func merge(_ mergeID: UUID, into keepID: UUID) async throws -> ContactMerge {
        guard mergeID != keepID else {
            throw AtlasError(.invalidArgument, "keep_id and merge_id are the same contact.", parameter: "merge_id")
        }
        let merge = try await database.change { transaction -> ContactMerge in
            let both = [keepID, mergeID]
            // Locks in the order of every other writer: identities, then rows.
            let before = try transaction.pipeline([
                """
                SELECT atlas_lock_identities(ARRAY(
                    SELECT kind || ':' || value FROM contact_identities WHERE contact_id = ANY(\(both))))
                """,
                "SELECT \(.contact) FROM contacts c WHERE c.id = ANY(\(both)) ORDER BY c.id FOR UPDATE",
                """
                SELECT (SELECT count(*) FROM contact_interactions WHERE contact_id = \(mergeID)) AS interactions,
                    (SELECT count(*) FROM appointments WHERE contact_id = \(mergeID)) AS appointments,
                    (SELECT count(*) FROM call_transcripts WHERE contact_id = \(mergeID)) AS call_transcripts
                """,
            ])
            let contacts = try before[1].records(Contact.self)
            try Self.check(keepID, "keep_id", among: contacts)
            try Self.check(mergeID, "merge_id", among: contacts)
            let after = try transaction.commit(with: [
                "SELECT atlas_merge_contacts(\(keepID), \(mergeID))",
                "SELECT \(.contact) FROM contacts c WHERE c.id = \(keepID)",
            ])
            guard let kept = try after[1].first.map(Contact.init(row:)), let counts = before[2].first else {
                throw AtlasError.noContact(keepID, parameter: "keep_id")
            }
            let moved = ContactMerge.Moved(
                interactions: try counts.get("interactions"), appointments: try counts.get("appointments"),
                callTranscripts: try counts.get("call_transcripts"))
            return ContactMerge(
                contact: kept.presentable, mergedID: mergeID, moved: moved, conflicts: kept.conflicts(with: mergeID))
        }
        changed(keepID)
        changed(mergeID)
        return merge
    }

    private static func check(_ id: UUID, _ parameter: String, among contacts: [Contact]) throws {
        guard let contact = contacts.first(where: { $0.id == id }) else {
            throw AtlasError.noContact(id, parameter: parameter)
        }
        guard let kept = contact.metadata["merged_into"]?.text else { return }
        throw AtlasError(.conflict, "\(parameter) was merged into \(kept) before.", parameter: parameter)
    }
}

extension Contact {
    /// What the merged contact said otherwise.
    fileprivate func conflicts(with merged: UUID) -> [FieldConflict] {
        let id = merged.uuidString.lowercased()
        let own: [String: String?] = [
            "full_name": fullName, "first_name": firstName, "last_name": lastName, "address": address, "city": city,
            "state": state, "zip": zip, "contact_type": contactType, "source": source, "source_ref": sourceRef,
            "business_context_id": businessContextID,
        ]
        let others = metadata[JSON.Object.alsoKnownAs]?.items ?? []
        return others.filter { $0["contact_id"]?.text == id }.compactMap { other in
            guard let field = other["field"]?.text, let given = other["value"] else { return nil }
            let kept =
                (own[field] ?? nil) ?? metadata[field.replacing("metadata.", with: "", maxReplacements: 1)]?.description
                ?? ""
            return FieldConflict(field: field, kept: kept, given: given.text ?? given.description)
        }
    }
}

extension DuplicateGroup: SizedRow {
    var octets: Int { contacts.reduce(200) { $0 + $1.octets } }

    var shortened: DuplicateGroup {
        DuplicateGroup(reason: reason, value: value, contacts: PageRange.few.cut(contacts).rows.map(\.shortened))
    }
}
