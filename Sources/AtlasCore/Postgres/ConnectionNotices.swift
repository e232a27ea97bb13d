import CPostgres

/// What the server remarks beside its answers on one connection.
///
/// Only one remark is heard: that a commit stands on this server alone. It comes when the wait for a synchronous standby is
/// cancelled, and the answer to COMMIT is a success all the same (PostgreSQL documentation, section 27.2.8.2).
final class ConnectionNotices {
    /// Whether a transaction was committed without the standby's word since this was last set to false.
    var commitIsUnconfirmed = false
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
        guard let function = pq.pointee.PQresultErrorField(notice, Int32(UInt8(ascii: "R"))) else { return }
        if String(cString: function) == "SyncRepWaitForLSN" { commitIsUnconfirmed = true }
    }
}
