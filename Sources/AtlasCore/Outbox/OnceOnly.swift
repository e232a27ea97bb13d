#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// A change that its caller may ask for twice and that must be done once: a row of `idempotency_keys`.
///
/// For changes inside the database: in one transaction, a failure leaves the key free. What leaves the business is ``Outbox``'s.
struct OnceOnly {
    let tool: String
    let key: String
    /// What makes two calls the same.
    let arguments: JSON

    /// Does `body`, or gives back the outcome of the call that did.
    ///
    /// - Throws: ``AtlasError`` `conflict` when the key came with other arguments before.
    func run<Outcome: Codable>(
        in transaction: Transaction, _ body: () throws -> Outcome
    ) throws -> (outcome: Outcome, replayed: Bool) {
        // The first who writes the key makes the others wait for the end of its transaction.
        let claim = try claim(on: transaction)
        if claim.isFirst {
            let outcome = try body()
            try transaction.commit(with: [settle(try Self.kept(outcome))])
            return (outcome, false)
        }
        guard let kept = claim.outcome else {
            throw AtlasError(
                .conflict,
                "A call with this idempotency_key is still running or did not end. Look before trying again.",
                parameter: "idempotency_key")
        }
        return (try Self.outcome(kept), true)
    }

    /// Does `body`, which takes longer than a transaction may and bears repetition, or gives back the outcome of the call that did.
    ///
    /// A call whose server died before its end left no outcome: the next one with its key does it again.
    ///
    /// - Throws: ``AtlasError`` `conflict` when the key came with other arguments before.
    func run<Outcome: Codable & Sendable>(
        on database: Database, _ body: () async throws -> Outcome
    ) async throws -> (outcome: Outcome, replayed: Bool) {
        try await run(on: database) { _ in try await body() }
    }

    /// As ``run(on:_:)-(_,()->Outcome)``, for a change elsewhere that bears repetition under one name.
    ///
    /// - Parameter body: is given a name, 64 hexadecimal digits, that every call of this tool with this key and these arguments
    ///   has in common, and no other.
    func run<Outcome: Codable & Sendable>(
        on database: Database, _ body: (_ name: String) async throws -> Outcome
    ) async throws -> (outcome: Outcome, replayed: Bool) {
        let claim = try await database.change { transaction in try self.claim(on: transaction) }
        if let kept = claim.outcome { return (try Self.outcome(kept), true) }
        let outcome = try await body(claim.name)
        let kept = try Self.kept(outcome)
        _ = try await database.write { try $0.execute(settle(kept)) }
        return (outcome, false)
    }

    /// The outcome of the call that used the key, if one did and came to its end: for callers that look at the world before they begin.
    ///
    /// - Throws: ``AtlasError`` `conflict` when the key came with other arguments before.
    func earlier<Outcome: Codable & Sendable>(on database: Database) async throws -> Outcome? {
        let kept: JSON? = try await database.look { connection in
            guard let row = try connection.query(self.kept).first else { return nil }
            return try outcome(row)
        }
        return try kept.map(Self.outcome)
    }

    // MARK: -

    private struct Claim: Sendable {
        let isFirst: Bool
        let outcome: JSON?
        /// A hash of tool, key and arguments.
        let name: String
    }

    /// Takes the key, or finds who took it.
    private func claim(on connection: some Statements) throws -> Claim {
        let rows = try connection.pipeline([
            """
            INSERT INTO idempotency_keys (tool, key, arguments_hash) VALUES (\(tool), \(key), \(hash))
            ON CONFLICT (tool, key) DO NOTHING
            """,
            kept,
        ])
        guard let row = rows[1].first else { throw AtlasError(.internal, "An idempotency key vanished.") }
        return Claim(isFirst: rows[0].affected == 1, outcome: try outcome(row), name: try row.get("name"))
    }

    private var hash: Query { "encode(sha256(convert_to(\(arguments.description), 'UTF8')), 'hex')" }

    private var kept: Query {
        """
        SELECT arguments_hash = \(hash) AS same, outcome,
            encode(sha256(convert_to(concat_ws(' ', tool, arguments_hash, key), 'UTF8')), 'hex') AS name
        FROM idempotency_keys WHERE tool = \(tool) AND key = \(key)
        """
    }

    private func outcome(_ row: Row) throws -> JSON? {
        guard try row.get("same") else {
            throw AtlasError(
                .conflict,
                "idempotency_key \"\(key)\" was used for a \(tool) with other arguments. Use a new key for a new call.",
                parameter: "idempotency_key")
        }
        return try row.get("outcome")
    }

    private func settle(_ kept: JSON) -> Query {
        "UPDATE idempotency_keys SET outcome = \(kept), settled_at = now() WHERE tool = \(tool) AND key = \(key)"
    }

    private static func kept(_ outcome: some Encodable) throws -> JSON {
        try JSON(parsing: JSONEncoder().encode(outcome))
    }

    private static func outcome<Outcome: Decodable>(_ kept: JSON) throws -> Outcome {
        try JSONDecoder().decode(Outcome.self, from: Data(kept.bytes))
    }
}
