#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Keeps a peer that has gone from ending the process while `body` writes to it.
///
/// libcurl asks the system for no signal when it writes itself, but before 7.86 OpenSSL wrote for it and did not. So the signal is
/// held back from this thread, and one that came meanwhile is taken off before it is let through again.
func withoutBrokenPipeSignal<R>(_ body: () -> R) -> R {
    var signals = sigset_t()
    var before = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, &before)
    let result = body()
    // One that was held back already is somebody else's to take.
    if sigismember(&before, SIGPIPE) == 0 {
        var pending = sigset_t()
        sigpending(&pending)
        if sigismember(&pending, SIGPIPE) == 1 {
            var taken: Int32 = 0
            sigwait(&signals, &taken)
        }
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    return result
}
