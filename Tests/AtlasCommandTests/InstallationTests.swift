import AtlasCore
import Foundation
import JSON
import Testing

@testable import atlas

struct InstallationTests {
    @Test(arguments: HostClient.allCases)
    func installingTwiceChangesOnce(_ client: HostClient) throws {
        for sample in client.samples {
            let kit = try HostFileKit(client, sample)
            #expect(try kit.install().isChange, "\(sample.debugDescription)")
            let after = kit.text
            #expect(kit.others.count == 1, "\(sample.debugDescription)")
            let again = try kit.install()
            #expect(!again.isChange && again.backup == nil)
            #expect(kit.text == after && kit.others.count == 1, "\(sample.debugDescription)")
        }
    }

    @Test(arguments: HostClient.allCases)
    func takingOutGivesTheFileBackByteForByte(_ client: HostClient) throws {
        for sample in client.samples {
            let kit = try HostFileKit(client, sample)
            try kit.install(HostFileKit.entries(values: [("ATLAS_TIMEZONE", "America/Chicago")]))
            #expect(try kit.uninstall().names.count == 4)
            #expect(kit.text == sample, "\(sample.debugDescription) became \((kit.text ?? "nothing").debugDescription)")
            #expect(try kit.uninstall().isChange == false)
        }
    }

    @Test(arguments: HostClient.allCases)
    func whatIsNotOursStaysByteForByte(_ client: HostClient) throws {
        for sample in client.samples where !sample.isEmpty {
            let kit = try HostFileKit(client, sample)
            try kit.install()
            // Without what was put in, nothing but the text from before is left: it is a subsequence.
            var rest = Array((kit.text ?? "").utf8)[...]
            let isKept = Array(sample.utf8).allSatisfy { octet in
                guard let place = rest.firstIndex(of: octet) else { return false }
                rest = rest[(place + 1)...]
                return true
            }
            #expect(isKept, "\(sample.debugDescription)")
        }
    }

    @Test(arguments: HostClient.allCases)
    func aFileThatWasNotThereIsMadeForItsOwnerAndGoesAgain(_ client: HostClient) throws {
        let kit = try HostFileKit(client)
        #expect(try kit.install().backup == nil)
        #expect(kit.mode == 0o600)
        try kit.uninstall()
        #expect(kit.text == nil)
    }

    @Test(arguments: HostClient.jsonHosts)
    func theHostFindsFourServersBesideTheOthers(_ client: HostClient) throws {
        let other = "{\"\(client.section)\": {\"other\": {\"command\": \"x\"}}, \"a\": [true, null]}"
        let kit = try HostFileKit(client, other)
        try kit.install(HostFileKit.entries(arguments: ["--config", "/etc/atlas.json"]))
        let json = try JSON(parsing: Array((kit.text ?? "").utf8))
        let servers = json[client.section]
        #expect(servers?.object?.names == ["other", "atlas-crm", "atlas-email", "atlas-calendar", "atlas-twilio"])
        #expect(servers?["atlas-crm"]?["command"] == "/opt/atlas/bin/CRMServer")
        #expect(servers?["atlas-twilio"]?["args"] == ["--config", "/etc/atlas.json"])
        #expect(servers?["atlas-crm"]?["type"] == (client.saysTransport ? "stdio" : nil))
        #expect(json["a"] == [true, .null])
    }

    @Test(arguments: HostClient.jsonHosts)
    func aNewCommandReplacesTheOldAndKeepsWhatThePersonAdded(_ client: HostClient) throws {
        let kit = try HostFileKit(client, "{}")
        try kit.install(HostFileKit.entries([.crm], values: [("ATLAS_TIMEZONE", "UTC")]))
        let mine = (kit.text ?? "").replacingOccurrences(
            of: "\"args\": []", with: "\"args\": [], \"disabled\": true")
        try kit.write(mine)
        try kit.install(HostFileKit.entries([.crm], values: [("ATLAS_DEFAULT_REGION", "DE")], folder: "/new"))
        let entry = try JSON(parsing: Array((kit.text ?? "").utf8))[client.section]?["atlas-crm"]
        #expect(entry?["command"] == "/new/CRMServer" && entry?["disabled"] == true)
        #expect(entry?["env"]?["ATLAS_TIMEZONE"] == "UTC" && entry?["env"]?["ATLAS_DEFAULT_REGION"] == "DE")
    }

    @Test(arguments: HostClient.allCases)
    func aBrokenFileIsRefusedAndUntouched(_ client: HostClient) throws {
        let broken =
            client == .codex
            ? [
                "a = \"", "[a\n", "a = [1\n", "= 1", "a", "a = 1 b = 2\n", "mcp_servers = {}\n",
                "[mcp_servers]\natlas-crm.command = \"x\"\n",
            ]
            : [
                "{", "[]", "{\"a\": }", "{\"\(client.section)\": []}", "{\"\(client.section)\": 1}", "{,}",
                "{\"a\": 1} x",
                "{\"\(client.section)\": {}, \"\(client.section)\": {}}", "{\"a\": \"\u{1}\"}", "{ /* }",
                client.readsComments ? "{ / }" : "{} // comment",
            ]
        for text in broken {
            let kit = try HostFileKit(client, text)
            #expect(throws: CommandFailure.self, "\(text)") { try kit.install() }
            #expect(kit.text == text && kit.others.isEmpty, "\(text)")
        }
    }

    @Test(arguments: HostClient.allCases)
    func somebodyElsesEntryOfOurNameIsNeitherReplacedNorRemoved(_ client: HostClient) throws {
        let text =
            client == .codex
            ? "[mcp_servers.atlas-crm]\ncommand = \"npx\"\n"
            : "{\"\(client.section)\": {\"atlas-crm\": {\"command\": \"npx\"}}}"
        let kit = try HostFileKit(client, text)
        #expect(throws: CommandFailure.self) { try kit.install() }
        #expect(try kit.uninstall().foreign == ["atlas-crm"])
        #expect(kit.text == text && kit.others.isEmpty)
        #expect(try kit.install(prefix: "acme-").names.first == "acme-crm")
    }

    @Test(arguments: HostClient.allCases)
    func linksAreFollowedAndRightsKept(_ client: HostClient) throws {
        let kit = try HostFileKit(client)
        let real = kit.folder + "/elsewhere"
        let sample = client == .codex ? "a = 1\n" : "{\"a\": 1}\n"
        #expect(
            FileManager.default.createFile(
                atPath: real, contents: Data(sample.utf8), attributes: [.posixPermissions: 0o640]))
        try FileManager.default.createSymbolicLink(atPath: kit.file, withDestinationPath: "elsewhere")
        let backup = try kit.install().backup
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: kit.file) == "elsewhere")
        for path in [real, backup ?? ""] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o640)
        }
        #expect(FileManager.default.contents(atPath: backup ?? "") == Data(sample.utf8))
        try FileManager.default.removeItem(atPath: real)
        #expect(throws: CommandFailure.self) { try kit.install() }
    }

    @Test(arguments: HostClient.allCases)
    func aDryRunShowsWhatItWouldDoAndNoSecretOfOthers(_ client: HostClient) throws {
        let sample =
            client == .codex
            ? "[mcp_servers.o]\nenv = { KEY = \"s3cret\" }"
            : "{\n  \"\(client.section)\": {\n    \"o\": {\"env\": {\"KEY\": \"s3cret\"}}\n  }\n}\n"
        let kit = try HostFileKit(client, sample)
        let outcome = try kit.install(dryRun: true)
        let shown = outcome.difference.joined(separator: "\n")
        #expect(outcome.isChange && shown.contains("/opt/atlas/bin/CRMServer") && !shown.contains("s3cret"))
        #expect(kit.text == sample && kit.others.isEmpty)
    }

    @Test func oneServerGoesAndTheOthersStay() throws {
        for client in HostClient.allCases {
            let kit = try HostFileKit(client, client.samples.last)
            try kit.install()
            try kit.uninstall([.email])
            let text = kit.text ?? ""
            #expect(!text.contains("EmailServer") && text.contains("CRMServer") && text.contains("TwilioServer"))
            #expect(try kit.install().isChange)
        }
    }
}
