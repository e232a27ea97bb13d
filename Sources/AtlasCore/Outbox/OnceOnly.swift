#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// A change that its caller may ask for twice and that must be done once: a row of `idempotency_keys`.
///
/// For changes inside the database only: the key, the change and its outcome are one transaction, so a failure leaves the key free.
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
        let hash: Query = "encode(sha256(convert_to(\(arguments.description), 'UTF8')), 'hex')"
        let rows = try transaction.pipeline([
            """
            INSERT INTO idempotency_keys (tool, key, arguments_hash) VALUES (\(tool), \(key), \(hash))
            ON CONFLICT (tool, key) DO NOTHING
            """,
            "SELECT arguments_hash = \(hash) AS same, outcome FROM idempotency_keys WHERE tool = \(tool) AND key = \(key)",
        ])
        if rows[0].affected == 1 {
            let outcome = try body()
            let kept = try JSON(parsing: JSONEncoder().encode(outcome))
            try transaction.commit(with: [
                """
                UPDATE idempotency_keys SET outcome = \(kept), settled_at = now() WHERE tool = \(tool) AND key = \(key)
                """
            ])
            return (outcome, false)
        }
        guard let row = rows[1].first, try row.get("same") else {
            throw AtlasError(
                .conflict,
                "idempotency_key \"\(key)\" was used for a \(tool) with other arguments. Use a new key for a new call.",
                parameter: "idempotency_key")
        }
        guard let kept: JSON = try row.get("outcome") else {
            throw AtlasError(
                .conflict,
                "A call with this idempotency_key is still running or did not end. Look before trying again.",
                parameter: "idempotency_key")
        }
        return (try JSONDecoder().decode(Outcome.self, from: Data(kept.bytes)), true)
    }
}
