import Foundation
import Testing

@testable import AtlasCore

struct ConfigurationTests {
    @Test func blankAndUnexpandedValuesCountAsUnset() {
        let configuration = Configuration([
            "ATLAS_TIMEZONE": "  ", "ATLAS_DEFAULT_REGION": "${REGION}", "ATLAS_DB_HOST": " db.example ",
        ])
        #expect(configuration[.timeZone] == nil)
        #expect(configuration[.defaultRegion] == nil)
        #expect(configuration[.databaseHost] == "db.example")
    }

    @Test func aWrongValueNamesItsVariable() {
        let configuration = Configuration(["ATLAS_DB_PORT": "many", "ATLAS_READ_ONLY": "perhaps"])
        let port = #expect(throws: AtlasError.self) { try configuration.integer(.databasePort, in: 1...65535) }
        #expect(port?.message == "ATLAS_DB_PORT must be a whole number from 1 to 65535, not many.")
        let flag = #expect(throws: AtlasError.self) { try configuration.flag(.readOnly) }
        #expect(flag?.message == "ATLAS_READ_ONLY must be 1 or 0, not perhaps.")
    }

    @Test(
        "A .env line is read",
        arguments: [
            ("ATLAS_DB_PASSWORD=\"s3cret # x\"", "s3cret # x"),
            ("export ATLAS_DB_PASSWORD='it''s'", "it"),
            ("ATLAS_DB_PASSWORD = plain # why", "plain"),
            ("ATLAS_DB_PASSWORD=a\\nb", "a\\nb"),
            ("ATLAS_DB_PASSWORD=\"a\\nb\\\"\"\r\n", "a\nb\""),
            ("ATLAS_DB_PASSWORD=#none", ""),
            ("ATLAS_DB_PASSWORD=p#w", "p#w"),
        ])
    func dotEnv(line: String, value: String) throws {
        #expect(try DotEnv.parse(Array("# comment\nPATH=x\n\(line)\n".utf8)) == ["ATLAS_DB_PASSWORD": value])
    }

    @Test func aConfigurationFileIsReadAndItsMistakesAreNamed() throws {
        let path = NSTemporaryDirectory() + "atlas-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        func load(_ text: String) throws -> Configuration {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return try Configuration.load(file: path)
        }
        #expect(try load(#"{"ATLAS_DB_PORT": 5433, "ATLAS_DB_SOCKET_PATH": "/run/x"}"#)[.databaseSocket] == "/run/x")
        for (text, hint) in [
            ("{", "is not JSON"), ("[]", "one JSON object"), (#"{"ATLAS_PORT": 1}"#, "ATLAS_PORT"),
            (#"{"ATLAS_DB_PORT": [1]}"#, "ATLAS_DB_PORT"),
        ] {
            let error = #expect(throws: AtlasError.self) { try load(text) }
            #expect(error?.code == .notConfigured && error?.message.contains(hint) == true, "\(text)")
        }
        #expect(throws: AtlasError.self) { try Configuration.load(file: "/nowhere/atlas.json") }
    }

    @Test func everyKeyIsDescribedOnce() {
        #expect(Set(ConfigurationKey.all.map(\.name)).count == ConfigurationKey.all.count)
        #expect(ConfigurationKey.all.allSatisfy { $0.name.hasPrefix("ATLAS_") && $0.help.hasSuffix(".") })
    }

    @Test(
        "The URL of a service is https, or http on this machine",
        arguments: [
            ("https://api.example.com/", "https://api.example.com"),
            ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
            ("HTTP://LOCALHOST:1", "HTTP://LOCALHOST:1"), ("http://[::1]:1/", "http://[::1]:1"),
        ])
    func baseURL(given: String, read: String) throws {
        #expect(try Configuration(["ATLAS_GMAIL_URL": given]).baseURL(.gmailURL) == read)
    }

    @Test(
        "Any other URL of a service is refused by the name of its variable",
        arguments: [
            "http://api.example.com", "http://127.0.0.1.example.com", "http://localhost.example.com", "ftp://localhost",
            "x",
            "http://localhost@example.com", "https://example.com/?key=1", "http://[::2]/",
        ])
    func wrongBaseURL(given: String) {
        #expect {
            try Configuration(["ATLAS_GMAIL_URL": given]).baseURL(.gmailURL)
        } throws: {
            let error = $0 as? AtlasError
            return error?.code == .notConfigured && error?.message.hasPrefix("ATLAS_GMAIL_URL must be") == true
        }
    }
}
