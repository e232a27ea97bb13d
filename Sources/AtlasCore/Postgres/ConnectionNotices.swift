import CPostgres

/// What the server remarks beside its answers on one connection.
///
/// Two remarks are heard: that a commit stands on this server alone, which comes when the wait for a synchronous standby is
/// cancelled, and the answer to COMMIT is a success all the same (PostgreSQL documentation, section 27.2.8.2); and that the
/// server ends a connection that lay idle, which it says a moment before it hangs up.
final class ConnectionNotices {
    /// Whether a transaction was committed without the standby's word since this was last set to false.
    var commitIsUnconfirmed = false
    /// Whether the server has taken its leave.
    private(set) var hasTakenLeave = false
    private let pq: UnsafePointer<AtlasPQ>

    /// Listens on `raw` for as long as it is open, which must not be longer than this object lives.
    init(pq: UnsafePointer<AtlasPQ>, raw: OpaquePointer) {
        self.pq = pq
        let receiver: @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?) -> Void = { listener, notice in
            guard let listener, let notice else { return }
            Unmanaged<ConnectionNotices>.fromOpaque(listener).takeUnretainedValue().hear(notice)
        }
        _ = pq.pointee.PQsetNoticeReceiver(raw, receiver, Unmanaged.passUnretained(self).toOpaque())
    }

    /// The text is in the server's language and the code says only "warning"; the function it comes from has had one name since
    /// PostgreSQL 9.1.
    private func hear(_ notice: OpaquePointer) {
        if pq.pointee.field("R", of: notice) == "SyncRepWaitForLSN" { commitIsUnconfirmed = true }
        if pq.pointee.field("V", of: notice) == "FATAL" { hasTakenLeave = true }
    }
}
