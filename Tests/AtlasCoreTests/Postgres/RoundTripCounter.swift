import AtlasCore
import Foundation
import Synchronization
import TestSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Stands between a client and the tests' PostgreSQL, passes everything on, and counts round trips: how often the client spoke after
/// the server had.
///
/// What travels together is one, however many statements it holds.
final class RoundTripCounter: Sendable {
    private let folder = "/tmp/atlas-trips-" + UUID().uuidString.prefix(8)
    private let listener: Int32
    private let trips = Mutex(0)
    private let database: String

    init(before base: TestDatabase) throws {
        database = base.name
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let listener = Self.socket()
        self.listener = listener
        guard Self.with(folder + "/.s.PGSQL.5432", { bind(listener, $0, $1) }) == 0, listen(listener, 16) == 0 else {
            throw CocoaError(.fileNoSuchFile)
        }
        let server = base.server.host + "/.s.PGSQL.5432"
        Thread.detachNewThread { [weak self] in
            while case let client = accept(listener, nil, nil), client >= 0 {
                let upstream = Self.socket()
                guard Self.with(server, { connect(upstream, $0, $1) }) == 0 else {
                    _ = close(client)
                    continue
                }
                Thread.detachNewThread { [weak self] in
                    Self.pass(client, upstream) { self?.trips.withLock { $0 += 1 } }
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        try? FileManager.default.removeItem(atPath: folder)
    }

    var source: DatabaseSource { .server(host: folder, database: database, user: "postgres") }

    /// How many there have been.
    var count: Int { trips.withLock { $0 } }

    /// Passes octets both ways until one end hangs up.
    private static func pass(_ client: Int32, _ server: Int32, onTrip: () -> Void) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var ends = [
            pollfd(fd: client, events: Int16(POLLIN), revents: 0),
            pollfd(fd: server, events: Int16(POLLIN), revents: 0),
        ]
        var serverSpokeLast = true
        loop: while poll(&ends, 2, -1) > 0 {
            for index in 0..<2 where ends[index].revents != 0 {
                let count = read(ends[index].fd, &buffer, buffer.count)
                guard count > 0 else { break loop }
                if index == 0, serverSpokeLast { onTrip() }
                serverSpokeLast = index == 1
                var sent = 0
                while sent < count {
                    let more = buffer.withUnsafeBytes {
                        write(ends[1 - index].fd, $0.baseAddress! + sent, count - sent)
                    }
                    guard more > 0 else { break loop }
                    sent += more
                }
            }
        }
        close(client)
        close(server)
    }

    private static func socket() -> Int32 {
        #if canImport(Glibc)
            Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #else
            Darwin.socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
    }

    private static func with(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
