import ArgumentParser
import AtlasCore
import Dispatch
import JSON
import MCP

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The command of one server: started without arguments, it speaks MCP over standard input and output.
public protocol ServerCommand: ParsableCommand {
    associatedtype Services: Sendable

    static var program: ServerProgram<Services> { get }
    var options: ServerOptions { get }
}

extension ServerCommand {
    /// Starts the server. Hosts give no arguments, and then the parser of arguments (1 ms) is not needed.
    public static func main() {
        guard CommandLine.arguments.count == 1 else { return main(nil) }
        do {
            try program.run(Choices())
        } catch {
            refuse(error)
        }
    }

    public func run() throws {
        do {
            if let page = options.printDocumentation { return try Self.program.print(page, Choices(options)) }
            try Self.program.run(Choices(options))
        } catch {
            Self.refuse(error)
        }
    }

    /// A server that cannot start says why, where hosts show it, and ends with EX_CONFIG.
    private static func refuse(_ error: any Error) -> Never {
        let text = "\(program.product): \(error)\n"
        _ = text.withCString { write(2, $0, strlen($0)) }
        _exit(78)
    }
}

extension ServerProgram {
    func run(_ choices: Choices) throws {
        keepMemorySmall()
        let (server, atlas) = try assemble(choices)
        // This thread becomes the one that reads; calls run on the workers.
        server.serve()
        let closed = DispatchSemaphore(value: 0)
        Task(executorPreference: atlas.workers) {
            await atlas.close()
            closed.signal()
        }
        closed.wait()
        // Not exit(3): worker threads may still be running, and must not meet the destructors of static objects.
        _exit(0)
    }

    /// Gives all threads two heaps to share. glibc would give each its own, and a server of a dozen threads that rarely run at
    /// once would hold a third more memory for nothing.
    private func keepMemorySmall() {
        #if canImport(Glibc)
            typealias SetOption = @convention(c) (_ option: Int32, _ value: Int32) -> Int32
            let arenaMax: Int32 = -8  // M_ARENA_MAX of malloc.h, which the Glibc module leaves out
            guard let mallopt = dlsym(nil, "mallopt") else { return }
            _ = unsafeBitCast(mallopt, to: SetOption.self)(arenaMax, 2)
        #endif
    }

    func print(_ page: ServerOptions.DocumentationPage, _ choices: Choices) throws {
        switch page {
        case .configuration: Swift.print(Documentation.configuration())
        case .tools:
            let toolbox = Toolbox(tools, selection: .all)
            let listing = try JSON(parsing: toolbox.listing(.full)).items ?? []
            let toolsets = Dictionary(uniqueKeysWithValues: tools.map { ($0.name, $0.toolset) })
            let described = listing.map { (toolset: toolsets[$0["name"]?.text ?? ""] ?? "default", tool: $0) }
            Swift.print(Documentation.tools(of: name, product: product, listing: described))
        }
    }
}
