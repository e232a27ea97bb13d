import AtlasCore
import Foundation
import JSON
import Testing

@testable import atlas

struct SecretReferenceTests {
    private let secret = ConfigurationKey.databaseURL

    @Test func everyHostRefersInItsOwnWay() throws {
        let expected: [HostClient: JSON] = [
            .claudeCode: "${ATLAS_DATABASE_URL}", .gemini: "${ATLAS_DATABASE_URL}",
            .cursor: "${env:ATLAS_DATABASE_URL}",
            .windsurf: "${env:ATLAS_DATABASE_URL}", .vscode: "${input:atlas-atlas-database-url}",
        ]
        for (client, value) in expected {
            let kit = try HostFileKit(client, "{}")
            try kit.install(HostFileKit.entries(references: [secret]))
            let json = try JSON(parsing: Array((kit.text ?? "").utf8))
            #expect(json[client.section]?["atlas-crm"]?["env"]?["ATLAS_DATABASE_URL"] == value)
        }
    }

    @Test func vsCodeAsksForASecretOnceAndHidesIt() throws {
        let sample =
            "{\n\t\"inputs\": [\n\t\t{ \"type\": \"promptString\", \"id\": \"mine\" }\n\t],\n\t\"servers\": {}\n}\n"
        let kit = try HostFileKit(.vscode, sample)
        try kit.install(HostFileKit.entries(references: [secret]))
        let inputs = try JSON(parsing: Array((kit.text ?? "").utf8))["inputs"]?.items ?? []
        #expect(
            inputs.map { $0["id"]?.text } == ["mine", "atlas-atlas-database-url"] && inputs.last?["password"] == true)
        try kit.uninstall([.crm])
        #expect(kit.text?.contains("atlas-atlas-database-url") == true, "others still refer to it")
        try kit.uninstall()
        #expect(kit.text == sample)
    }

    @Test func codexHandsVariablesDown() throws {
        let kit = try HostFileKit(.codex, "model = \"o3\"\n")
        try kit.install(HostFileKit.entries([.crm], values: [("ATLAS_TIMEZONE", "a\"b")], references: [secret]))
        #expect(
            kit.text == """
                model = "o3"

                [mcp_servers.atlas-crm]
                command = "/opt/atlas/bin/CRMServer"
                args = []
                env_vars = ["ATLAS_DATABASE_URL"]

                [mcp_servers.atlas-crm.env]
                ATLAS_TIMEZONE = "a\\"b"

                """)
        try kit.write((kit.text ?? "") + "\n[mcp_servers.mine]\ncommand = \"x\"\n")
        try kit.install(HostFileKit.entries([.crm], values: [("ATLAS_TIMEZONE", "UTC")], folder: "/new"))
        #expect(kit.text?.contains("command = \"/new/CRMServer\"") == true && kit.text?.contains("= \"UTC\"") == true)
        try kit.uninstall()
        #expect(kit.text == "model = \"o3\"\n\n[mcp_servers.mine]\ncommand = \"x\"\n")
    }

    @Test func aSecretIsNotCopiedAndAHostThatCannotReferIsNotAskedTo() throws {
        for client in HostClient.allCases {
            #expect(throws: CommandFailure.self) { try InstalledSettings(["ATLAS_DB_PASSWORD=hunter2"], for: client) }
            let refers = (try? InstalledSettings(["ATLAS_DB_PASSWORD"], for: client)) != nil
            #expect(refers == (client != .claudeDesktop && client != .zed))
        }
        #expect(throws: CommandFailure.self) { try InstalledSettings(["ATLAS_TIMEZON=UTC"], for: .cursor) }
    }

    @Test func aServerIsGivenOnlyWhatConcernsIt() throws {
        let settings = try InstalledSettings(
            ["ATLAS_TIMEZONE=UTC", "ATLAS_COMMS_TWILIO_AUTH_TOKEN", "ATLAS_DATABASE_URL"], for: .cursor)
        #expect(settings.entry(.crm, "/x/CRMServer", arguments: []).references.map(\.name) == ["ATLAS_DATABASE_URL"])
        let names = settings.entry(.twilio, "/x/TwilioServer", arguments: []).references.map(\.name)
        #expect(names == ["ATLAS_COMMS_TWILIO_AUTH_TOKEN", "ATLAS_DATABASE_URL"])
    }

    @Test func aFileOfSecretsMustBePrivate() throws {
        let kit = try HostFileKit(.cursor, #"{"ATLAS_DB_PASSWORD": "hunter2"}"#)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: kit.file)
        #expect(throws: CommandFailure.self) { try SettingsFile.checked(kit.file) }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: kit.file)
        #expect(try SettingsFile.checked(kit.file) == kit.file)
    }

    @Test func aLineOfSomebodyElseIsShownWithoutItsTexts() {
        #expect(LineDifference.masked(#"  "a": "x\"y", 'b' = 'z' }, 5"#) == #"  "a": "…", 'b' = '…' }, 5"#)
        #expect(LineDifference.masked(#"  "open: 1"#) == #"  "…""#)
    }
}
