import CCurl

/// libcurl's multi handle and the transfers in it: what only the thread of a ``TransferLoop`` may touch.
final class TransferThread {
    /// Connections to one host at a time; more transfers wait for their turn.
    private static let connectionsPerHost = 32
    /// Connections that are kept. libcurl counts busy ones too, and above this closes what has just become free instead of handing
    /// it to the next in the queue: so no fewer than above.
    private static let keptConnections = 32
    /// Handles that are kept for the next transfer, with the TLS sessions that they remember.
    private static let keptHandles = 32

    private struct Active {
        let transfer: Transfer
        let easy: OpaquePointer
        let list: UnsafeMutablePointer<curl_slist>?
    }

    private let curl: UnsafePointer<AtlasCurl>
    private let multi: OpaquePointer
    private let authorities: CertificateAuthorities
    private var active: [OpaquePointer: Active] = [:]
    private var handles: [ObjectIdentifier: OpaquePointer] = [:]
    private var idle: [OpaquePointer] = []

    init(curl: UnsafePointer<AtlasCurl>, multi: OpaquePointer, authorities: CertificateAuthorities) {
        self.curl = curl
        self.multi = multi
        self.authorities = authorities
        _ = atlas_curl_set_multi_long(curl, multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX)
        _ = atlas_curl_set_multi_long(curl, multi, CURLMOPT_MAX_HOST_CONNECTIONS, Self.connectionsPerHost)
        _ = atlas_curl_set_multi_long(curl, multi, CURLMOPT_MAXCONNECTS, Self.keptConnections)
    }

    func start(_ transfer: Transfer) {
        let left = transfer.deadline - .now
        // Rounded up: libcurl takes 0 for "no limit".
        let milliseconds = left.components.seconds < 1_000_000 ? Int(left / .milliseconds(1)) + 1 : 1_000_000_000
        guard left > .zero else { return transfer.fail(.timeout) }
        guard let easy = idle.popLast() ?? curl.pointee.curl_easy_init() else { return transfer.fail(.unreachable) }
        var list: UnsafeMutablePointer<curl_slist>?
        for line in transfer.fields.lines {
            guard let longer = curl.pointee.curl_slist_append(list, line) else { break }
            list = longer
        }
        guard
            transfer.prepare(easy, curl: curl, authorities: authorities, list: list, milliseconds: milliseconds),
            curl.pointee.curl_multi_add_handle(multi, easy) == CURLM_OK
        else {
            recycle(easy, list)
            return transfer.fail(.missingLibrary)
        }
        active[easy] = Active(transfer: transfer, easy: easy, list: list)
        handles[ObjectIdentifier(transfer)] = easy
    }

    /// Takes off a transfer whose task was cancelled; one that is not there has ended already.
    func abandon(_ transfer: Transfer) {
        guard let easy = handles[ObjectIdentifier(transfer)] else { return }
        remove(easy)?.finish(.failure(CancellationError()))
    }

    /// Moves on what can be moved on, tells what has ended, and then waits for the network, a deadline or an order.
    func work() {
        var running: Int32 = 0
        _ = curl.pointee.curl_multi_perform(multi, &running)
        var left: Int32 = 0
        while let message = curl.pointee.curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            let code = message.pointee.data.result
            remove(easy)?.finish(code: code)
        }
        // libcurl's own timers shorten this.
        _ = curl.pointee.curl_multi_poll(multi, nil, 0, 600_000, nil)
    }

    /// Ends all transfers and gives the handles back.
    func end() {
        for easy in Array(active.keys) { remove(easy)?.fail(.interrupted) }
        for easy in idle { curl.pointee.curl_easy_cleanup(easy) }
        idle = []
    }

    private func remove(_ easy: OpaquePointer) -> Transfer? {
        guard let ended = active.removeValue(forKey: easy) else { return nil }
        handles[ObjectIdentifier(ended.transfer)] = nil
        // In the middle of an answer this closes its connection, or resets its HTTP/2 stream.
        _ = curl.pointee.curl_multi_remove_handle(multi, easy)
        recycle(easy, ended.list)
        return ended.transfer
    }

    private func recycle(_ easy: OpaquePointer, _ list: UnsafeMutablePointer<curl_slist>?) {
        curl.pointee.curl_easy_reset(easy)
        curl.pointee.curl_slist_free_all(list)
        if idle.count < Self.keptHandles {
            idle.append(easy)
        } else {
            curl.pointee.curl_easy_cleanup(easy)
        }
    }
}
