namespace Pltfrms.Iam.Token.Envoy;

/// <summary>What becomes of a request.</summary>
/// <param name="HttpStatus">200: it is passed on; else what its sender is answered.</param>
/// <param name="Reason">For the operator: a DecisionReason, an ErrorReason, or what else it is.</param>
internal sealed record Verdict(int HttpStatus, string Reason)
{
    /// <summary>RFC 6750 section 3.1; null: there is no code for it.</summary>
    public string? Error { get; init; }

    public string Description { get; init; } = "";

    /// <summary>The header <c>WWW-Authenticate</c>; null: it would not help.</summary>
    public string? Challenge { get; init; }

    /// <summary>What the service behind is told; empty where the request is not passed on.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];

    public bool IsPassedOn => HttpStatus == StatusCodes.Status200OK;

    public static Verdict Outage(string reason) => new(StatusCodes.Status503ServiceUnavailable, reason)
    {
        Error = "temporarily_unavailable",
        Description = "Nobody could decide; try again.",
    };

    /// <summary>The route is not as it should be, of which its users learn nothing.</summary>
    public static Verdict Misconfigured { get; } = new(StatusCodes.Status500InternalServerError, "MISCONFIGURED")
    {
        Error = "server_error",
        Description = "The server is not set up for this request.",
    };
}
