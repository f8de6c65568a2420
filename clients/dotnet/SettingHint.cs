using System.Security.Authentication;
using Grpc.Core;
using Pltfrms.Iam.Client.Dpop;

namespace Pltfrms.Iam.Client;

/// <summary>Says in one line which setting is most likely wrong, for failures that a setting explains.</summary>
internal static class SettingHint
{
    /// <param name="reason">Why it was refused, or failed.</param>
    /// <param name="fault">As it came.</param>
    /// <param name="options">The settings.</param>
    /// <param name="asked">The token that was asked for; null: something else was.</param>
    public static string? For(IamErrorReason reason, RpcException fault, IamClientOptions options, TokenRequest? asked) => reason switch
    {
        IamErrorReason.InvalidClient when options.ClientSecret.Length == 0 =>
            $"{Key(nameof(options.ClientId))}, {Key(nameof(options.PrivateKeyFile))} or {Key(nameof(options.Issuer))} is wrong: the token service refused the client '{options.ClientId}'",
        IamErrorReason.InvalidClient =>
            $"{Key(nameof(options.ClientId))} or {Key(nameof(options.ClientSecret))} is wrong: the token service refused the client '{options.ClientId}'",
        IamErrorReason.RealmNotFound =>
            $"{Key(nameof(options.RealmId))} is wrong: the token service has no realm '{options.RealmId}'",
        IamErrorReason.PermissionDenied when options.CallScopes.Count > 0 =>
            $"{Key(nameof(options.ClientId))} or {Key(nameof(options.CallScopes))}: the client '{options.ClientId}' may not ask this in the realm '{options.RealmId}' "
            + $"with the scopes '{string.Join(' ', options.CallScopes)}'; the role iam-resource-server lets it",
        IamErrorReason.PermissionDenied =>
            $"{Key(nameof(options.ClientId))}: the client '{options.ClientId}' may not ask this in the realm '{options.RealmId}'; the role iam-resource-server lets it",
        IamErrorReason.InvalidScope or IamErrorReason.InvalidTarget when asked?.Equals(TokenRequest.ForCalls(options)) == true =>
            $"{Key(nameof(options.ClientId))} or {Key(nameof(options.CallScopes))}: the client '{options.ClientId}' may have none of {asked.Wanted}; "
            + "it must be registered for these scopes, and the role iam-resource-server lets it use them",
        IamErrorReason.InvalidScope or IamErrorReason.InvalidTarget or IamErrorReason.ExchangeRefused when asked is not null =>
            $"{fault.Status.Detail} Asked for: {asked.Wanted}",
        IamErrorReason.InvalidDpopProof when !DpopProofs.AreWanted(options) =>
            $"{Key(nameof(options.UseDpop))} is not set: {fault.Status.Detail}",
        IamErrorReason.InvalidDpopProof when options.UnboundCalls =>
            $"{Key(nameof(options.UnboundCalls))} is set: {fault.Status.Detail}",
        IamErrorReason.NotOffered =>
            $"{Key(nameof(options.Address))} is wrong: {options.Address} is not the token service's gRPC address",
        IamErrorReason.Unreachable => Unreachable(fault, options),
        IamErrorReason.DeadlineExceeded => NoAnswer(fault.Status.Detail, options),
        _ => null,
    };

    /// <summary>For what this library gave up by itself; a caller who stops waiting sees a cancellation.</summary>
    /// <param name="detail">What a proxy or the server says of it; empty: nothing came.</param>
    /// <param name="options">With the address that was asked.</param>
    public static string NoAnswer(string detail, IamClientOptions options)
    {
        var line = $"{Key(nameof(options.Address))}: {options.Address} did not answer within {Key(nameof(options.Timeout))} ({options.Timeout})";
        return detail.Length > 0 ? $"{line}: {detail}" : line;
    }

    private static string Unreachable(RpcException fault, IamClientOptions options)
    {
        var causes = Causes(fault).ToArray();
        var last = causes.Length > 0 ? causes[^1].Message : fault.Status.Detail;
        return $"{Key(nameof(options.Address))}: " + (
            causes.Any(IsOfCertificate) ? $"the certificate of {options.Address} is not trusted: {last}"
            : causes.Any(IsOfTls) ? $"TLS with {options.Address} failed, is it an http address? {last}"
            : $"{options.Address} cannot be reached over HTTP/2: {last}");
    }

    /// <summary>Only the message tells it from other failures of the handshake.</summary>
    private static bool IsOfCertificate(Exception cause) =>
        cause is AuthenticationException && cause.Message.StartsWith("The remote certificate", StringComparison.Ordinal);

    /// <summary>A port without TLS answers with what is none, or hangs up.</summary>
    private static bool IsOfTls(Exception cause) =>
        cause is AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError };

    private static IEnumerable<Exception> Causes(RpcException fault)
    {
        for (var cause = fault.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    private static string Key(string setting) => $"{IamClientOptions.SectionName}:{setting}";
}
