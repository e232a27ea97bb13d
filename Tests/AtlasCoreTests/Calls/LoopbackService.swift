import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A web service on the loopback interface that answers as a test says, and counts. One thread a connection.
final class LoopbackService: Sendable {
    struct Request: Sendable {
        var head: String
        var body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
        /// The value of a header field; nil without it.
        subscript(name: String) -> String? {
            head.split(separator: "\r\n").dropFirst().first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
                .map { $0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces) }
        }
        var path: String { String(head.split(separator: " ").dropFirst().first ?? "") }
    }

    enum Answer: Sendable {
        case reply(Int, type: String, body: String)
        /// The connection is closed after the request was read.
        case cut
        /// No answer comes, until the service ends.
        case hang

        static func json(_ body: String) -> Answer { .reply(200, type: "application/json", body: body) }
    }

    let port: UInt16
    private let listener: Int32
    private let seen = Mutex<[Request]>([])
    private let answer: Mutex<@Sendable (Request, Int) -> Answer>
    private let isOver = Mutex(false)

    var url: String { "http://127.0.0.1:\(port)" }
    var requests: [Request] { seen.withLock { $0 } }

    /// - Parameter answer: is given the request and which one it is, from 0.
    init(_ answer: @escaping @Sendable (Request, Int) -> Answer) {
        self.answer = Mutex(answer)
        #if canImport(Glibc)
            listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            listener = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        precondition(isBound, "no port for a test's service")
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                Thread.detachNewThread { [self] in serve(connection) }
            }
        }
    }

    func answering(_ answer: @escaping @Sendable (Request, Int) -> Answer) { self.answer.withLock { $0 = answer } }

    func stop() {
        isOver.withLock { $0 = true }
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        while let request = read(connection) {
            let count = seen.withLock { requests in
                requests.append(request)
                return requests.count - 1
            }
            switch answer.withLock({ $0 })(request, count) {
            case .cut: return
            case .hang:
                while !isOver.withLock({ $0 }) { usleep(20_000) }
                return
            case .reply(let status, let type, let body):
                let head =
                    "HTTP/1.1 \(status) Whatever\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                write(connection, head + body)
            }
        }
    }

    private func write(_ connection: Int32, _ text: String) {
        var octets = Array(text.utf8)[...]
        while !octets.isEmpty {
            let count = octets.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            octets = octets.dropFirst(count)
        }
    }

    private func read(_ connection: Int32) -> Request? {
        var octets: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        func more() -> Bool {
            let count = recv(connection, &buffer, buffer.count, 0)
            if count > 0 { octets += buffer[..<count] }
            return count > 0
        }
        let end = Array("\r\n\r\n".utf8)
        var headEnd: Int?
        while headEnd == nil {
            guard more() else { return nil }
            headEnd = octets.indices.first { octets[$0...].starts(with: end) }
        }
        guard let headEnd else { return nil }
        var request = Request(head: String(decoding: octets[..<headEnd], as: UTF8.self), body: [])
        if request["Expect"]?.lowercased() == "100-continue" { write(connection, "HTTP/1.1 100 Continue\r\n\r\n") }
        octets.removeFirst(headEnd + 4)
        if request["Transfer-Encoding"]?.lowercased() == "chunked" {
            while !octets.suffix(7).elementsEqual("\r\n0\r\n\r\n".utf8), !octets.elementsEqual("0\r\n\r\n".utf8) {
                guard more() else { return nil }
            }
        } else {
            let length = Int(request["Content-Length"] ?? "0") ?? 0
            while octets.count < length { guard more() else { return nil } }
        }
        request.body = octets
        return request
    }
}
