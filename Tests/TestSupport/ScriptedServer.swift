import Foundation
import Synchronization

/// A TCP server on loopback that says what a test wants: for servers that no real one would be.
public final class ScriptedServer: Sendable {
    /// What to do after a line of the client.
    public enum Answer: Sendable {
        case say(String)
        case sayAndClose(String)
        case close
    }

    public let port: Int
    private let listener: Int32
    private let received = Mutex<[String]>([])

    /// - Parameters:
    ///   - greeting: said to everybody who connects; nil for silence.
    ///   - answer: called with each line, without its end, and the number of the connection, from 1.
    public init(greeting: String?, answer: @escaping @Sendable (String, Int) -> Answer) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 8) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard isBound else { fatalError("no port on loopback") }
        port = Int(UInt16(bigEndian: address.sin_port))
        self.listener = listener
        Thread.detachNewThread { [self] in
            var count = 0
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                count += 1
                let number = count
                Thread.detachNewThread { [self] in serve(client, greeting) { answer($0, number) } }
            }
        }
    }

    /// The lines that came, over all connections.
    public var lines: [String] { received.withLock { $0 } }

    public func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func serve(_ client: Int32, _ greeting: String?, _ answer: (String) -> Answer) {
        defer { close(client) }
        func say(_ text: String) {
            _ = Array(text.utf8).withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        }
        if let greeting { say(greeting) }
        var line: [UInt8] = []
        var octet: UInt8 = 0
        while read(client, &octet, 1) == 1 {
            guard octet == UInt8(ascii: "\n") else {
                if octet != UInt8(ascii: "\r") { line.append(octet) }
                continue
            }
            let text = String(decoding: line, as: UTF8.self)
            line = []
            received.withLock { $0.append(text) }
            switch answer(text) {
            case .say(let words): say(words)
            case .sayAndClose(let words):
                say(words)
                return
            case .close: return
            }
        }
    }
}
