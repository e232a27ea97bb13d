import AtlasCore
import AtlasServer
import MailTemplates

@main
struct EmailServer {
    static func main() {}
}
