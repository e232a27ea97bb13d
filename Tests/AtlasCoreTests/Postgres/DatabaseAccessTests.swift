import AtlasCore
import Testing

struct DatabaseAccessTests {
    @Test func aPasswordTravelsInTheEnvironmentAlone() throws {
        let source = DatabaseSource.url(
            "postgresql+asyncpg://ann:s%27ecret@db1,db2:5433/my%20data?sslmode=require&keepalives=0")
        let access = try source.programAccess()
        #expect(access.environment["PGPASSWORD"] == "s'ecret" && access.environment["PGUSER"] == "ann")
        #expect(access.environment["PGHOST"] == "db1,db2" && access.environment["PGSSLMODE"] == "require")
        #expect(access.connectionString == "dbname='my data' keepalives='0'")
    }

    @Test func aSecretThatOnlyArgumentsCouldCarryIsRefused() {
        let source = DatabaseSource.url("postgresql://ann@db/data?sslpassword=hunter2")
        #expect(throws: DatabaseError.self) { try source.programAccess() }
        #expect((try? source.located().host) == "db")
    }

    @Test func namesAreQuotedInAConnectionString() throws {
        let source = DatabaseSource.server(host: "/run", database: #"it's \ here"#, user: "ann", password: "x")
        let access = try source.programAccess()
        #expect(access.connectionString == #"dbname='it\'s \\ here'"#)
        #expect(try source.located().isPrivate == false)
    }

    @Test(arguments: [
        (
            "postgresql://ann:s%27e@db:5433/my%20data?sslmode=require",
            "postgresql://ann:PASSWORD@db:5433/my%20data?sslmode=require"
        ),
        ("postgresql://ann@[::1]/x", "postgresql://ann@[::1]/x"),
        (
            "postgresql://a%40b@db1,db2/x?target_session_attrs=any",
            "postgresql://a%40b@/x?host=db1,db2&target_session_attrs=any"
        ),
        ("host=/run/pg dbname=x user=é password='p q' sslpassword=z", "postgresql://%C3%A9:PASSWORD@/x?host=/run/pg"),
    ])
    func anAddressIsShownWithoutItsSecretsAndStillWorks(_ given: String, _ shown: String) throws {
        let source = DatabaseSource.url(given)
        #expect(try source.shownURL() == shown)
        let again = DatabaseSource.url(shown)
        #expect(try again.located() == source.located())
        #expect(try again.shownURL() == shown)
    }

    @Test func aSecretInAURLIsFoundWhereverItStands() throws {
        #expect(try DatabaseSource.url("postgresql://ann:x@db/y").holdsSecret())
        #expect(try DatabaseSource.url("postgresql://ann@db/y?password=x").holdsSecret())
        #expect(try DatabaseSource.url("postgresql://ann@db/y?sslpassword=x").holdsSecret())
        #expect(try !DatabaseSource.url("postgresql://password@db/y?sslmode=require").holdsSecret())
    }

    @Test func aPrivateClusterIsLocatedWithoutBeingMade() throws {
        let source = DatabaseSource.privateCluster(home: "/nowhere/atlas")
        #expect(try source.located().folder == "/nowhere/atlas/postgres")
        let standing = try #require(try source.clusterStanding())
        #expect(standing.version == nil && !standing.isRunning && standing.process == nil)
        #expect(try source.stopCluster(evenIfUsed: false) == false)
        #expect(try DatabaseSource.url("postgresql://db/x").clusterStanding() == nil)
    }
}
