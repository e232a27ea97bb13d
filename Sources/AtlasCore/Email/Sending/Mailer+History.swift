extension Mailer {
    /// What left in the last hours, newest first; what certainly did not leave is no part of it.
    ///
    /// - Parameters:
    ///   - hours: 1…87,600.
    ///   - limit: 1…200.
    /// - Returns: as many as fit one result, and whether there are more.
    public func sentHistory(
        hours: Int = 24, template: LetterTemplate? = nil, limit: Int = 20
    ) async throws -> (emails: [SentEmail], hasMore: Bool) {
        guard (1...87_600).contains(hours) else {
            throw AtlasError(.invalidArgument, "hours must be between 1 and 87600, got \(hours).", parameter: "hours")
        }
        let page = try PageRange(limit: limit, offset: 0)
        let query = Query.sentEmails(
            hours: hours, template: template, businessContextID: outbox.businessContextID, limit: page.limit + 1)
        let found = try await outbox.database.look { try $0.all(query, as: SentEmail.self) }
        let kept = page.cut(found)
        return (kept.rows, kept.hasMore)
    }
}

extension Query {
    /// What reference servers wrote without a template is generic, and without a business belongs to all.
    static func sentEmails(
        hours: Int, template: LetterTemplate?, businessContextID: String?, limit: Int
    ) -> Query {
        let ofTemplate: Query =
            switch template {
            case nil: ""
            case .generic?: " AND (template_type = 'generic' OR template_type IS NULL)"
            case let template?: " AND template_type = \(template.rawValue)"
            }
        return """
            SELECT \(.sentEmail) FROM sent_emails
            WHERE sent_at >= now() - make_interval(hours => \(Int32(hours)))\(ofTemplate) AND \(left(by: businessContextID))
            ORDER BY sent_at DESC, id LIMIT \(limit)
            """
    }

    /// The columns of a ``SentEmail``.
    static let sentEmail: Query = """
        id, from_address, to_addresses, cc_addresses, bcc_addresses, subject, left(body, 400) AS beginning, \
        coalesce(template_type, 'generic') AS template_type, \
        CASE WHEN status = 'sending' \
                AND sent_at < now() - make_interval(secs => \(Double(Dispatch.Channel.email.longestSending))) \
            THEN 'unknown' ELSE status END AS status, \
        message_id, in_reply_to, provider, accepted, rejected, attachments, sent_at
        """

    /// What left, or may have, from this business; from any when there is none.
    static func left(by businessContextID: String?) -> Query {
        let ofBusiness: Query =
            businessContextID.map { " AND (business_context_id = \($0) OR business_context_id IS NULL)" } ?? ""
        return "status <> 'failed'\(ofBusiness)"
    }
}
