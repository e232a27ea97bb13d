// swift-tools-version: 6.1
import Foundation
import PackageDescription

// libphonenumber is linked statically where its archives are installed (Debian's -dev packages have them): sixteen
// shared libraries fewer to map at every start, 2 ms and 4 MB of each server. Elsewhere the shared library serves.
let archives = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"].first { folder in
    ["libphonenumber.a", "libicudata.a"].allSatisfy { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
}
let phoneNumberLibraries =
    [
        "phonenumber", "protobuf", "icui18n", "icuuc", "icudata", "absl_hash", "absl_city", "absl_low_level_hash",
        "absl_raw_hash_set", "absl_strings", "absl_strings_internal", "absl_throw_delegate",
        "absl_raw_logging_internal",
    ]
let phoneNumberLinkage: [LinkerSetting] =
    archives.map { folder in [.unsafeFlags(phoneNumberLibraries.map { "\(folder)/lib\($0).a" })] }
    ?? [.linkedLibrary("phonenumber"), .linkedLibrary("protobuf")]

// libxml2's headers stand in a folder of their own.
let xmlHeaders = [
    "/usr/include/libxml2", "/opt/homebrew/opt/libxml2/include/libxml2", "/usr/local/opt/libxml2/include/libxml2",
]
.filter { FileManager.default.fileExists(atPath: $0) }

// Homebrew's headers of libical are on no path that a compiler searches by itself.
let calendarHeaders = ["/opt/homebrew/opt/libical/include", "/usr/local/opt/libical/include"]
    .filter { FileManager.default.fileExists(atPath: $0) }

let package = Package(
    name: "Atlas",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "CRMServer", targets: ["CRMServer"]),
        .executable(name: "EmailServer", targets: ["EmailServer"]),
        .executable(name: "CalendarServer", targets: ["CalendarServer"]),
        .executable(name: "TwilioServer", targets: ["TwilioServer"]),
        .executable(name: "atlas", targets: ["atlas"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        // The four servers are thin: a list of tools, resources and prompts over the libraries below.
        .executableTarget(name: "CRMServer", dependencies: ["AtlasServer"]),
        .executableTarget(name: "EmailServer", dependencies: ["AtlasServer", "MailTemplates"]),
        .executableTarget(name: "CalendarServer", dependencies: ["AtlasServer", "MailTemplates"]),
        .executableTarget(name: "TwilioServer", dependencies: ["AtlasServer"]),

        // The operator's command. It speaks to the servers as a host does, so it links none of them.
        .executableTarget(
            name: "atlas",
            dependencies: [
                "AtlasCore", "JSON", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),

        // Where the protocol and the business meet: the command line, the error codes, the run loop.
        .target(
            name: "AtlasServer",
            dependencies: [
                "MCP", "AtlasCore", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),

        // The protocol. Knows nothing of customers.
        .target(name: "MCP", dependencies: ["JSON", .product(name: "Logging", package: "swift-log")]),

        // The business. Knows nothing of MCP.
        .target(
            name: "AtlasCore",
            dependencies: [
                "JSON", "MIME", "CPostgres", "CCurl", "CXML", "CICal", "CCrypto", "CPhoneNumber", "CMigrations",
                "CTemplates",
                .product(name: "Logging", package: "swift-log"),
            ]),

        // Fills Mustache templates. Its library needs all of Foundation, so only servers that write letters link it.
        .target(
            name: "MailTemplates",
            dependencies: ["AtlasCore", "JSON", .product(name: "Mustache", package: "swift-mustache")]),

        // The one gate for JSON from outside.
        .target(name: "JSON"),

        // The one gate for mail from outside: messages read, made readable, and written.
        .target(name: "MIME", dependencies: ["CXML", "CIconv"]),

        // One room for each C library.
        .target(name: "CPostgres"),
        .target(name: "CCurl"),
        .target(name: "CCrypto"),
        .target(name: "CPhoneNumber", linkerSettings: phoneNumberLinkage),
        .target(
            name: "CXML",
            cSettings: [.unsafeFlags(xmlHeaders.map { "-I\($0)" })]),
        .target(name: "CICal", cSettings: [.unsafeFlags(calendarHeaders.map { "-I\($0)" })]),
        .target(name: "CIconv", linkerSettings: [.linkedLibrary("iconv", .when(platforms: [.macOS]))]),
        .target(name: "CMigrations"),
        .target(name: "CTemplates"),

        .target(
            name: "TestSupport", dependencies: ["AtlasCore", "JSON", .product(name: "Logging", package: "swift-log")],
            path: "Tests/TestSupport"),
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "MIMETests", dependencies: ["MIME", "JSON"]),
        .testTarget(name: "MCPTests", dependencies: ["MCP", "JSON"]),
        .testTarget(
            name: "AtlasCoreTests", dependencies: ["AtlasCore", "MailTemplates", "CCurl", "MIME", "TestSupport"]),
        .testTarget(name: "AtlasCommandTests", dependencies: ["atlas", "JSON"]),
        .testTarget(name: "ServerTests", dependencies: ["CRMServer", "AtlasServer", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
