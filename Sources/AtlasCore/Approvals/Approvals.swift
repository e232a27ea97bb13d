import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The calls that need a person's yes: rows of `approvals`, each of which is carried out at most once.
public struct Approvals: Sendable {
    private let database: Database
    private let businessContextID: String?

    /// - Parameter businessContextID: the business whose calls these are; what was approved for one is not done for another.
    public init(database: Database, businessContextID: String? = nil) {
        self.database = database
        self.businessContextID = businessContextID
    }

    /// How long a server that carries out a call counts as alive after its last sign.
    public static let lifeSign: Duration = .seconds(30)

    /// The threads on which a call is carried out, whatever becomes of its caller.
    public var workers: Workers { database.workers }

    // MARK: - A caller's side

    /// The request that a call is, made if this is its first appearance: by its key; without one, by its arguments until their
    /// outcome has been told.
    ///
    /// What has expired or ended with its server meanwhile says so in the answer.
    ///
    /// - Throws: ``AtlasError`` `conflict` when the key came with other arguments before.
    public func request(_ call: HeldCall) async throws -> ApprovalRequest {
        let key = try TextLimit.idempotencyKey.optional(call.arguments["idempotency_key"]?.text)
        let statements = statements(call, key)
        for _ in 0..<5 {
            let found: (request: ApprovalRequest, isSame: Bool)? = try await database.change { transaction in
                try transaction.commit(with: statements).last?.first.map {
                    (try ApprovalRequest(row: $0), try $0.get("same"))
                }
            }
            if let (request, isSame) = found {
                guard isSame else { throw Self.otherArguments(call, key) }
                return request
            }
            // Without a key: it stood in the way of ours, and was told of before we looked. The next look makes a new one.
            guard call.request == nil else { break }
        }
        throw AtlasError(.notFound, "There is no such request for approval of \(call.tool) by this business.")
    }

    /// Makes a call's request if there is none, and looks at it.
    func statements(_ call: HeldCall, _ key: String?) -> [Query] {
        var substance = call.arguments
        substance["idempotency_key"] = nil
        let hash: Query = "encode(sha256(convert_to((\(substance)::jsonb)::text, 'UTF8')), 'hex')"
        let business = businessContextID ?? ""
        let own: Query = "server = \(call.server) AND tool = \(call.tool) AND business_context_id = \(business)"
        let which: Query
        if let id = call.request {
            which = "id = \(id) AND \(own)"
        } else if let key {
            which = "idempotency_key = \(key) AND \(own)"
        } else {
            which = "idempotency_key IS NULL AND told_at IS NULL AND arguments_hash = \(hash) AND \(own)"
        }
        var queries = Self.upkeep(which)
        if call.request == nil {
            // Nobody came for the outcome in time: the same words are a new wish by now.
            queries.append(
                """
                UPDATE approvals SET told_at = now()
                WHERE idempotency_key IS NULL AND told_at IS NULL AND expires_at <= now() AND status <> 'running' AND \(which)
                """)
            queries.append(
                """
                INSERT INTO approvals (id, server, tool, business_context_id, arguments, arguments_hash, idempotency_key,
                    client_name, client_version)
                VALUES (\(UUID.timeOrdered()), \(call.server), \(call.tool), \(business), \(call.arguments), \(hash), \(key),
                    \(call.clientName), \(call.clientVersion))
                ON CONFLICT DO NOTHING
                """)
        }
        queries.append("SELECT \(Self.columns), arguments_hash = \(hash) AS same FROM approvals WHERE \(which)")
        return queries
    }

    private static func otherArguments(_ call: HeldCall, _ key: String?) -> AtlasError {
        if let id = call.request {
            return AtlasError(
                .conflict, "The request \(id.uuidString.lowercased()) is for a \(call.tool) with other arguments.")
        }
        return AtlasError(
            .conflict,
            "idempotency_key \"\(key ?? "")\" was used for a \(call.tool) with other arguments. Use a new key for a new call.",
            parameter: "idempotency_key")
    }

    /// Takes an approved request, to carry it out. Of many who try, one succeeds.
    ///
    /// - Parameter claimant: a name for this attempt. When it fails, whether it has taken the request may be unknown;
    ///   ``giveBack(_:claimedBy:)`` under the same name undoes it either way.
    public func claim(_ id: UUID, by claimant: UUID = UUID()) async throws -> Bool {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE approvals SET status = 'running', alive_until = now() + \(Self.life), claimed_by = \(claimant)
                WHERE id = \(id) AND status = 'approved' AND expires_at > now()
                """) == 1
        }
    }

    /// Says that a running request still runs.
    public func stillRuns(_ id: UUID) async throws {
        try await database.write { connection in
            _ = try connection.execute(
                "UPDATE approvals SET alive_until = now() + \(Self.life) WHERE id = \(id) AND status = 'running'")
        }
    }

    /// Writes down what became of a running request. One that was taken for dead meanwhile is corrected.
    ///
    /// - Parameter told: whether the caller learns it by the same answer.
    public func settle(_ id: UUID, _ outcome: JSON, told: Bool) async throws {
        try await database.write { connection in
            _ = try connection.execute(
                """
                UPDATE approvals SET status = 'done', outcome = \(outcome), settled_at = now(),
                    told_at = CASE WHEN \(told) THEN now() ELSE told_at END
                WHERE id = \(id) AND status IN ('running', 'unknown')
                """)
        }
    }

    /// Gives a running request back: nothing was done, and the yes still holds.
    ///
    /// - Parameter claimant: only if it was claimed under this name.
    public func giveBack(_ id: UUID, claimedBy claimant: UUID? = nil) async throws {
        try await database.write { connection in
            _ = try connection.execute(
                """
                UPDATE approvals SET status = 'approved', alive_until = NULL
                WHERE id = \(id) AND status = 'running' AND (\(claimant)::uuid IS NULL OR claimed_by = \(claimant))
                """)
        }
    }

    /// Nobody knows what became of a running request.
    public func lose(_ id: UUID) async throws {
        try await database.write { connection in
            _ = try connection.execute(
                "UPDATE approvals SET status = 'unknown', settled_at = now() WHERE id = \(id) AND status = 'running'")
        }
    }

    /// The caller has learnt the end of a request: without a key, the same arguments are a new call from now on.
    public func told(_ id: UUID) async throws {
        try await database.write { connection in
            _ = try connection.execute("UPDATE approvals SET told_at = now() WHERE id = \(id) AND told_at IS NULL")
        }
    }

    // MARK: - A person's side

    /// Decides a request that waits. A yes can be taken back until it is carried out.
    ///
    /// - Throws: ``AtlasError`` `not_found`; `conflict` when it is too late.
    @discardableResult
    public func decide(_ id: UUID, _ isApproved: Bool, by person: String) async throws -> ApprovalRequest {
        let status = isApproved ? "approved" : "denied"
        let decidable: Query = isApproved ? "status = 'pending'" : "status IN ('pending', 'approved')"
        let statements =
            Self.upkeep("id = \(id)") + [
                """
                UPDATE approvals SET status = \(status), decided_at = now(), decided_by = \(person),
                    settled_at = CASE WHEN \(isApproved) THEN NULL ELSE now() END
                WHERE id = \(id) AND \(decidable)
                """,
                "SELECT \(Self.columns) FROM approvals WHERE id = \(id)",
            ]
        return try await database.change { transaction in
            let rows = try transaction.commit(with: statements)
            guard let row = rows.last?.first else {
                throw AtlasError(
                    .notFound, "There is no request for approval with the id \(id.uuidString.lowercased()).")
            }
            let request = try ApprovalRequest(row: row)
            guard rows[rows.count - 2].affected == 1 else {
                throw AtlasError(
                    .conflict,
                    "The request \(id.uuidString.lowercased()) is \(request.status.rawValue): it can no longer be \(status)."
                )
            }
            return request
        }
    }

    /// - Throws: ``AtlasError`` `not_found`.
    public func find(_ id: UUID) async throws -> ApprovalRequest {
        let statements = Self.upkeep("id = \(id)") + ["SELECT \(Self.columns) FROM approvals WHERE id = \(id)"]
        let found: ApprovalRequest? = try await database.change { transaction in
            try transaction.commit(with: statements).last?.first.map(ApprovalRequest.init(row:))
        }
        guard let found else {
            throw AtlasError(.notFound, "There is no request for approval with the id \(id.uuidString.lowercased()).")
        }
        return found
    }

    /// The newest first.
    ///
    /// - Parameter everything: also those that no person has to decide any more.
    public func list(everything: Bool, limit: Int) async throws -> [ApprovalRequest] {
        let statements = Self.listing(everything, limit)
        return try await database.change { transaction in
            try transaction.commit(with: statements).last?.records() ?? []
        }
    }

    static func listing(_ everything: Bool, _ limit: Int) -> [Query] {
        let chosen: Query = everything ? "true" : "status = 'pending'"
        return upkeep("true") + [
            "SELECT \(columns) FROM approvals WHERE \(chosen) ORDER BY requested_at DESC, id DESC LIMIT \(limit)"
        ]
    }

    // MARK: -

    private static let columns = ApprovalRequest.columns
    private static let life: Query = "make_interval(secs => \(Double(lifeSign.components.seconds)))"

    /// What time has done to the requests.
    private static func upkeep(_ which: Query) -> [Query] {
        [
            """
            UPDATE approvals SET status = 'expired', settled_at = now()
            WHERE status IN ('pending', 'approved') AND expires_at <= now() AND \(which)
            """,
            """
            UPDATE approvals SET status = 'unknown', settled_at = now()
            WHERE status = 'running' AND alive_until < now() AND \(which)
            """,
        ]
    }
}
