namespace Pltfrms.Iam.Suite;

/// <summary>What the command line asks for.</summary>
public sealed record SuiteOptions
{
    /// <summary>Where the databases and keys are.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Delete what is there before starting.</summary>
    public bool Fresh { get; init; }

    /// <summary>The realm document to import where its realm does not exist yet.</summary>
    public required string RealmFile { get; init; }

    public required SuitePorts Ports { get; init; }
}

/// <summary>The ports of design section 8, all on 127.0.0.1.</summary>
public sealed record SuitePorts
{
    public int TokenHttp { get; init; } = 8080;

    public int TokenGrpc { get; init; } = 9080;

    public int RealmAdminGrpc { get; init; } = 9081;

    public int ConsentGrpc { get; init; } = 9082;

    public int ConsentHttp { get; init; } = 8082;

    /// <summary>Each port with the option that sets it.</summary>
    internal IEnumerable<(string Option, int Port)> All() =>
    [
        ("--token-http", TokenHttp),
        ("--token-grpc", TokenGrpc),
        ("--realm-admin-grpc", RealmAdminGrpc),
        ("--consent-grpc", ConsentGrpc),
        ("--consent-http", ConsentHttp),
    ];
}
