import AtlasCore
import Foundation
import Synchronization

/// A PostgreSQL of its own for tests: real, throw-away, on a Unix socket.
///
/// A shell stands guard over it. It takes orders from a pipe and ends the server when the pipe closes, so that a test process
/// that crashes leaves nothing behind.
public final class PostgresServer: Sendable {
    /// One for the whole test process, started by the first who asks.
    public static func shared() async -> PostgresServer { await TestDatabase.workers.run { common } }
    private static let common = PostgresServer()

    /// One of its own, for a test that harms it. End it with ``stop()``.
    public static func launch(settings: [String] = []) async -> PostgresServer {
        await TestDatabase.workers.run { PostgresServer(settings: settings) }
    }

    /// The folder of the socket: libpq's `host`.
    public let host: String
    private let guardian: Mutex<Guardian>

    private struct Guardian {
        let orders: FileHandle
        let answers: FileHandle
        let process: Process

        func tell(_ order: String) -> String {
            orders.write(Data((order + "\n").utf8))
            return line()
        }

        func line() -> String {
            var bytes = Data()
            while let byte = try? answers.read(upToCount: 1), byte.first != UInt8(ascii: "\n"), !byte.isEmpty {
                bytes += byte
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// - Parameter settings: lines for `postgresql.conf`.
    private init(settings: [String] = []) {
        let base = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : "/tmp"
        let folder = "\(base)/atlas-test-\(getpid())-\(String(UInt32.random(in: 0 ... .max), radix: 36))"
        host = folder + "/s"
        let process = Process()
        let orders = Pipe()
        let answers = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", Self.script, "postgres-for-tests", folder, settings.joined(separator: "\n")]
        process.standardInput = orders
        process.standardOutput = answers
        // Not inherited by what the tests start: else a forgotten child would keep the server alive.
        _ = fcntl(orders.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        do { try process.run() } catch { fatalError("no shell: \(error)") }
        let guardian = Guardian(
            orders: orders.fileHandleForWriting, answers: answers.fileHandleForReading, process: process)
        let answer = guardian.line()
        guard answer == "ready" else { fatalError("PostgreSQL for tests did not start: \(answer)") }
        self.guardian = Mutex(guardian)
    }

    deinit { stop() }

    /// Kills it as a power cut would.
    public func kill() { _ = guardian.withLock { $0.tell("kill") } }

    /// Ends every connection and stops at once, as an impatient administrator does.
    public func shutDown() { _ = guardian.withLock { $0.tell("shutdown") } }

    /// Stands still without ending: connections hang.
    public func freeze() { _ = guardian.withLock { $0.tell("freeze") } }
    public func thaw() { _ = guardian.withLock { $0.tell("thaw") } }

    /// Starts it again on the same data.
    public func start() { _ = guardian.withLock { $0.tell("start") } }

    /// Ends it for good and deletes its data.
    public func stop() {
        guardian.withLock {
            // In so many words: a process that was started meanwhile may hold the pipe open, too.
            try? $0.orders.write(contentsOf: Data("stop\n".utf8))
            try? $0.orders.close()
            $0.process.waitUntilExit()
        }
    }

    /// A source for one of its databases.
    public func source(_ database: String, user: String = "postgres") -> DatabaseSource {
        .server(host: host, database: database, user: user)
    }

    private static let script = #"""
        trap '' INT TERM HUP
        dir=$1 settings=$2
        fail() { echo "$*" | tr '\n' ' '; echo; rm -rf "$dir"; exit 1; }
        bin=$ATLAS_POSTGRES_BIN
        [ -n "$bin" ] || bin=$(ls -d /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null | sort -V | tail -1)
        [ -x "$bin/initdb" ] || bin=$(dirname "$(command -v initdb)")
        [ -x "$bin/initdb" ] || fail "no initdb: run script/bootstrap"
        as=
        mkdir -p -m 700 "$dir" "$dir/s" || fail "cannot make $dir"
        if [ "$(id -u)" = 0 ]; then
            as="setpriv --reuid=postgres --regid=postgres --init-groups"
            chown postgres "$dir" "$dir/s"
        fi
        cd /
        $as "$bin/initdb" -D "$dir/d" -U postgres -E UTF8 --locale=C.UTF-8 -A trust --no-sync >"$dir/initdb.log" 2>&1 ||
            fail "$(tail -3 "$dir/initdb.log")"
        $as sh -c 'printf "%s\n" "$1" >>"$2"' sh "fsync = off
        listen_addresses = ''
        unix_socket_directories = '$dir/s'
        max_connections = 500
        shared_buffers = 64MB
        dynamic_shared_memory_type = mmap
        log_min_messages = fatal
        $settings" "$dir/d/postgresql.conf"
        start() {
            $as "$bin/postgres" -D "$dir/d" >>"$dir/log" 2>&1 </dev/null &
            pid=$!
            for _ in $(seq 400); do
                "$bin/pg_isready" -q -h "$dir/s" && return
                sleep 0.025
            done
            fail "$(tail -3 "$dir/log")"
        }
        gone() { wait $pid 2>/dev/null; rm -f "$dir/s/.s.PGSQL.5432" "$dir/s/.s.PGSQL.5432.lock"; }
        start
        echo ready
        while read -r order; do
            case $order in
            kill) children=$(pgrep -P $pid); kill -9 $pid $children; gone; rm -f "$dir/d/postmaster.pid" ;;
            shutdown) kill -INT $pid; gone ;;
            freeze) kill -STOP $pid $(pgrep -P $pid) ;;
            thaw) kill -CONT $pid $(pgrep -P $pid) ;;
            start) start ;;
            stop) break ;;
            esac
            echo done
        done
        kill -CONT $pid $(pgrep -P $pid) 2>/dev/null
        kill -QUIT $pid 2>/dev/null
        wait $pid 2>/dev/null
        rm -rf "$dir"
        """#
}
