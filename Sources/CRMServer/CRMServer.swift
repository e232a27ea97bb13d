import AtlasCore
import ArgumentParser
@main
struct CRMServer: ParsableCommand {
    @Flag var probe = false
    func run() {
        print("hi")
    }
}
