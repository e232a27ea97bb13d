import Dispatch
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Hears SIGINT and SIGTERM while it lives: the first asks the work to end, the second ends everything.
final class EndSignals {
    private let sources: [any DispatchSourceSignal]

    private final class Heard: Sendable {
        private let times = Atomic(0)
        func again() -> Int { times.add(1, ordering: .relaxed).newValue }
    }

    init(_ first: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "signals")
        let heard = Heard()
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if heard.again() > 1 { _exit(128 + number) }
                first()
            }
            source.resume()
            return source
        }
    }

    deinit { for source in sources { source.cancel() } }
}
