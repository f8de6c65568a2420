namespace Benchmarks.Load.Peers;

/// <summary>What a peer may be able to do.</summary>
internal enum Job
{
    /// <summary>client_credentials, ES256.</summary>
    Issue,

    /// <summary>RFC 7662.</summary>
    Introspect,

    /// <summary>A permission.</summary>
    Check,
}
