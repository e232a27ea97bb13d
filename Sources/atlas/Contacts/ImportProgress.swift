import AtlasCore
import Synchronization

/// How far an import has come: a bar that is redrawn on a terminal, a line now and then elsewhere.
final class ImportProgress: Sendable {
    private struct State {
        var drawn = false
        var told = ContinuousClock.now
        var rows = 0
    }
    private let console: Console
    private let total: Int?
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// - Parameter total: octets of the file, if known.
    init(console: Console, total: Int?) {
        self.console = console
        self.total = total
    }

    /// - Parameter octets: how many have been read.
    func show(_ progress: ContactImport.Progress, octets: Int) {
        let now = ContinuousClock.now
        state.withLock { state in
            guard now - state.told > (console.errorsAreTerminal ? .milliseconds(100) : .seconds(5)) else { return }
            state.told = now
            let seconds = (now - start) / .seconds(1)
            let rate: String
            switch progress {
            case .rows(let rows):
                state.rows = rows
                rate = "\(rows) rows, \(Int(Double(rows) / max(seconds, 0.001))) a second"
            case .indexes(let done, let all):
                rate = "\(state.rows) rows; building index \(done + 1) of \(all)"
            }
            guard console.errorsAreTerminal else { return console.note("atlas: \(rate)") }
            state.drawn = true
            guard let total, total > 0 else { return console.redraw(rate) }
            let share = min(1, Double(octets) / Double(total))
            let filled = Int(share * 30)
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
            console.redraw("\(bar) \(Int(share * 100)) %  \(rate)")
        }
    }

    func end() {
        if state.withLock({ $0.drawn }) { console.redraw("") }
    }
}
