#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The connections to one account: few, kept, and lent to one caller at a time.
///
/// A mailbox has one connection, so that calls for the same mailbox take turns and find it open, and calls for others run beside
/// them. Above the limit the connection that rested longest goes over to another mailbox.
final class IMAPConnections: Sendable {
    /// Gmail allows 15 and some providers 10, for all programs of an account together.
    private static let most = 4
    /// Servers close what is silent for half an hour (RFC 3501, 5.4).
    private static let longestRest = Duration.seconds(25 * 60)

    private enum Turn: Sendable {
        case kept(IMAPSession)
        /// A place for a new connection.
        case place
    }
    private struct Waiter {
        let id: UUID
        let mailbox: String?
        let continuation: CheckedContinuation<Turn, any Error>
    }
    private struct State {
        var resting: [(mailbox: String?, session: IMAPSession)] = []
        /// What those that are lent are used for.
        var lent: [String?] = []
        var waiting: [Waiter] = []
        var cancelled: Set<UUID> = []
    }

    let account: MailServerAccount
    private let state = Locked(State())

    init(_ account: MailServerAccount) { self.account = account }

    /// Lends a session for `mailbox`, or any when there is none, after waiting for its turn.
    func lend(for mailbox: String?, timeout: Duration) async throws -> IMAPSession {
        while true {
            switch try await turn(for: mailbox) {
            case .kept(let session):
                if .now - session.lastUsed < Self.longestRest { return session }
                session.close()
                end(mailbox)
            case .place:
                do { return try await IMAPSession.open(account, timeout: timeout) } catch {
                    end(mailbox)
                    throw error
                }
            }
        }
    }

    /// Takes a session back that was lent for `mailbox`.
    func takeBack(_ session: IMAPSession, for mailbox: String?) {
        session.rest()
        state.withLock { state in
            state.lent.removeFirst(mailbox)
            state.resting.append((session.selected?.name, session))
            serve(&state)
        }
    }

    /// A session that was lent for `mailbox` has ended.
    func end(_ mailbox: String?) {
        state.withLock { state in
            state.lent.removeFirst(mailbox)
            serve(&state)
        }
    }

    /// Closes what rests.
    func close() async {
        let resting = state.withLock { state in
            defer { state.resting = [] }
            return state.resting
        }
        for (_, session) in resting { await session.logOut() }
    }

    private func turn(for mailbox: String?) async throws -> Turn {
        let id = UUID()
        defer { state.withLock { state in _ = state.cancelled.remove(id) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                state.withLock { state in
                    if state.cancelled.remove(id) != nil {
                        return continuation.resume(throwing: CancellationError())
                    }
                    state.waiting.append(Waiter(id: id, mailbox: mailbox, continuation: continuation))
                    serve(&state)
                }
            }
        } onCancel: {
            state.withLock { state in
                // It may come before the waiter does.
                guard let index = state.waiting.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return
                }
                state.waiting.remove(at: index).continuation.resume(throwing: CancellationError())
            }
        }
    }

    /// Gives a turn to everybody who can have one, those who waited longest first.
    private func serve(_ state: inout State) {
        var index = 0
        while index < state.waiting.count {
            let waiter = state.waiting[index]
            guard let turn = turn(for: waiter.mailbox, &state) else {
                index += 1
                continue
            }
            state.waiting.remove(at: index)
            state.lent.append(waiter.mailbox)
            waiter.continuation.resume(returning: turn)
        }
    }

    private func turn(for mailbox: String?, _ state: inout State) -> Turn? {
        if mailbox != nil, state.lent.contains(mailbox) { return nil }
        let own = state.resting.lastIndex { $0.mailbox == mailbox || mailbox == nil }
        if let own { return .kept(state.resting.remove(at: own).session) }
        if state.lent.count + state.resting.count < Self.most { return .place }
        // The one that rested longest stands first.
        return state.resting.isEmpty ? nil : .kept(state.resting.removeFirst().session)
    }
}

extension [String?] {
    fileprivate mutating func removeFirst(_ element: String?) {
        if let index = firstIndex(of: element) { remove(at: index) }
    }
}
