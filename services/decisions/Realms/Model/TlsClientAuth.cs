namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>The name in a client's certificates (RFC 8705 section 2.1.2). Exactly one is set.</summary>
public sealed record TlsClientAuth
{
    /// <summary>RFC 4514.</summary>
    public string? SubjectDn { get; init; }

    public string? SanDns { get; init; }

    public string? SanUri { get; init; }

    public string? SanIp { get; init; }

    public string? SanEmail { get; init; }
}
