#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON
import Logging

/// What leaves the business: each thing once, with a row that was there before it left.
///
/// ```
/// reserve ──→ check ──→ send ──→ settle
///    │          │         ├─ it is certain that nothing left: failed
///    │          │         └─ it may have left: unknown, and never sent again
///    │          └─ refused: failed
///    └─ the key was used: its outcome, or a refusal
/// ```
/// A server that dies in between leaves a row that says `sending`; from then on what became of it counts as unknown.
struct Outbox: Sendable {
    let database: Database
    let businessContextID: String?
    let logger: Logger
    /// Told the id of each contact whose history grew.
    let changed: @Sendable (UUID) -> Void

    /// Sends once.
    ///
    /// From the moment `send` begins, the caller's cancellation no longer stops it: half a call cannot be taken back, and its
    /// record must tell the truth.
    ///
    /// - Parameters:
    ///   - check: the last look before it leaves; what it throws means that nothing has.
    ///   - send: what cannot be undone. It throws ``UncertainOutcome`` when it may have happened.
    ///   - record: what is kept of it.
    /// - Throws: ``AtlasError``: `permission_denied` when the recipient or the day's limit forbids it, `conflict` when the key
    ///   belongs to another call or to one whose outcome is not known.
    func dispatch<Outcome: Codable & Sendable>(
        _ dispatch: Dispatch, check: () async throws -> Void = {},
        send: @escaping @Sendable () async throws -> Outcome, record: @escaping @Sendable (Outcome) -> DispatchRecord
    ) async throws -> DoneOnce<Outcome> {
        try await self.dispatch(dispatch, check: check, send: { _ in try await send() }, record: record)
    }

    /// As above, for what carries the id of its row with it.
    func dispatch<Outcome: Codable & Sendable>(
        _ dispatch: Dispatch, check: () async throws -> Void = {},
        send: @escaping @Sendable (_ id: UUID) async throws -> Outcome,
        record: @escaping @Sendable (Outcome) -> DispatchRecord
    ) async throws -> DoneOnce<Outcome> {
        let reservation: Reservation
        switch try await turn(of: dispatch) {
        case .replay(let kept):
            let outcome = try JSONDecoder().decode(Outcome.self, from: Data(kept.bytes))
            return DoneOnce(outcome: outcome, replayed: true, warnings: [])
        case .go(let made): reservation = made
        }
        do {
            try await check()
            try Task.checkCancellation()
        } catch {
            _ = try await unstoppable { await settle(reservation, Settlement<Outcome>.failed(error)) }
            throw error
        }
        return try await unstoppable {
            do {
                let outcome = try await send(reservation.id)
                let isWritten = await settle(reservation, .sent(outcome, record(outcome)))
                let warnings =
                    isWritten ? [] : ["It was sent, but that could not be written down: the database did not answer."]
                return DoneOnce(outcome: outcome, replayed: false, warnings: warnings)
            } catch let uncertain as UncertainOutcome {
                await settle(reservation, Settlement<Outcome>.unknown(uncertain.error))
                throw uncertain.error
            } catch {
                await settle(reservation, Settlement<Outcome>.failed(error))
                throw error
            }
        }
    }

    /// What the first call with the same key answered, if it is known: what a call depends on besides (a file, a message that is
    /// answered) may be gone when it is repeated.
    ///
    /// - Throws: ``AtlasError`` `conflict` when the key belongs to another call.
    func outcome<Outcome: Codable & Sendable>(
        of tool: String, arguments: JSON, idempotencyKey: String?
    ) async throws -> DoneOnce<Outcome>? {
        guard let key = try TextLimit.idempotencyKey.optional(idempotencyKey) else { return nil }
        let look = OutboxLook(
            try Dispatch(.email, tool: tool, to: [], arguments: arguments, idempotencyKey: key, provider: ""))
        let standing = try await database.look { connection in
            try connection.query(look.earlier).first.map { try OutboxLook.Earlier($0).standing }
        }
        switch standing {
        case .sent(let kept)?:
            let outcome = try JSONDecoder().decode(Outcome.self, from: Data(kept.bytes))
            return DoneOnce(outcome: outcome, replayed: true, warnings: [])
        case .other?: throw Self.conflict(key, "was for other arguments. Use a new key for a new call")
        default: return nil
        }
    }

    /// Runs `body` to its end, whatever becomes of the caller.
    func unstoppable<R: Sendable>(_ body: @escaping @Sendable () async throws -> R) async throws -> R {
        try await Task(executorPreference: database.workers) { try await body() }.value
    }
}
