import Dispatch

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Threads on which blocking is allowed, lent to tasks as their executor.
///
/// Swift's own pool has one thread a core, and a task that blocks one of them holds up everybody. A task that prefers these
/// threads may wait in libpq or libcurl right where it stands, so that a request needs one hop and not one for each statement.
/// Threads are made when a job finds none idle, up to a limit, and then stay: a process makes one `Workers` and keeps it.
/// Jobs start in the order they came; each wakes one thread.
public final class Workers: TaskExecutor, @unchecked Sendable {
    // Unchecked, because every mutable property is read and written only while `mutex` is held, except a seat's job: that is
    // written by whoever took the seat off the idle ones, before the signal that its thread reads it after.

    /// A thread at rest, with the place where its next job is put.
    private final class Seat {
        /// Not a condition variable: one leaves the mutex marked as fought for, and every unlock a system call.
        let wake = DispatchSemaphore(value: 0)
        var job: UnownedJob?
    }

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let limit: Int
    private let stackSize: Int
    private var threads = 0
    private var idle: [Seat] = []
    private var queue: [UnownedJob] = []
    private var head = 0

    /// - Parameters:
    ///   - limit: the most threads there will be.
    ///   - stackSize: octets of stack for each.
    public init(limit: Int = 12, stackSize: Int = 512 << 10) {
        precondition(limit > 0)
        self.limit = limit
        self.stackSize = stackSize
        pthread_mutex_init(mutex, nil)
    }

    /// Whether the code that asks runs on one of these threads.
    public var isCurrent: Bool {
        pthread_getspecific(Self.current) == Unmanaged.passUnretained(self).toOpaque()
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pthread_mutex_lock(mutex)
        if let seat = idle.popLast() {
            seat.job = job
            pthread_mutex_unlock(mutex)
            seat.wake.signal()
            return
        }
        queue.append(job)
        let grows = threads < limit
        if grows { threads += 1 }
        pthread_mutex_unlock(mutex)
        if grows { startThread() }
    }

    /// Runs `body` on one of these threads: right here when the caller is on one already, else after a hop there.
    public func run<R>(_ body: () async throws -> R) async rethrows -> R {
        if isCurrent { return try await body() }
        return try await withTaskExecutorPreference(self) { try await body() }
    }

    private static let current: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    private func startThread() {
        // The thread owns the workers: they live as long as it does, which is for good.
        let started = startDetachedThread(stackSize: stackSize) { self.work() }
        guard !started else { return }
        pthread_mutex_lock(mutex)
        threads -= 1
        let nobodyIsLeft = threads == 0
        pthread_mutex_unlock(mutex)
        precondition(!nobodyIsLeft, "the system gives this process no thread")
    }

    private func work() {
        pthread_setspecific(Self.current, Unmanaged.passUnretained(self).toOpaque())
        let seat = Seat()
        let executor = asUnownedTaskExecutor()
        pthread_mutex_lock(mutex)
        while true {
            if let job = takeQueued() {
                pthread_mutex_unlock(mutex)
                job.runSynchronously(on: executor)
                pthread_mutex_lock(mutex)
                continue
            }
            idle.append(seat)
            pthread_mutex_unlock(mutex)
            seat.wake.wait()
            let job = seat.job
            seat.job = nil
            job?.runSynchronously(on: executor)
            pthread_mutex_lock(mutex)
        }
    }

    /// The job that has waited longest. Call it with `mutex` held.
    private func takeQueued() -> UnownedJob? {
        guard head < queue.count else { return nil }
        let job = queue[head]
        head += 1
        if head == queue.count {
            queue.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 64, head * 2 > queue.count {
            queue.removeFirst(head)
            head = 0
        }
        return job
    }
}

/// Starts a thread nobody waits for. False when the system has none to give.
func startDetachedThread(stackSize: Int, _ body: @escaping @Sendable () -> Void) -> Bool {
    final class Start: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, stackSize)
    let start = Unmanaged.passRetained(Start(body))
    #if canImport(Darwin)
        var thread: pthread_t?
    #else
        var thread = pthread_t()
    #endif
    let error = pthread_create(
        &thread, &attributes,
        { context in
            #if canImport(Darwin)
                let opaque = context
            #else
                guard let opaque = context else { return nil }
            #endif
            Unmanaged<Start>.fromOpaque(opaque).takeRetainedValue().body()
            return nil
        }, start.toOpaque())
    if error != 0 { start.release() }
    return error == 0
}
