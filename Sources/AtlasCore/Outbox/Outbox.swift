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
                let outcome = try await send()
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

    /// Runs `body` to its end, whatever becomes of the caller.
    private func unstoppable<R: Sendable>(_ body: @escaping @Sendable () async throws -> R) async throws -> R {
        try await Task(executorPreference: database.workers) { try await body() }.value
    }
}
