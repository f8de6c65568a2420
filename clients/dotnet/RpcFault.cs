using System.Collections.Frozen;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace Pltfrms.Iam.Client;

/// <summary>Turns gRPC failures into this library's exceptions; nothing else does.</summary>
internal static class RpcFault
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    private static readonly FrozenDictionary<string, IamErrorReason> Reasons =
        Enum.GetValues<IamErrorReason>().ToFrozenDictionary(NameOf, StringComparer.Ordinal);

    public static Exception ToException(RpcException fault, IamClientOptions? options, TokenRequest? asked, CancellationToken cancellationToken)
    {
        if (fault.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested)
        {
            return new OperationCanceledException(fault.Message, fault, cancellationToken);
        }
        var details = Details(fault.Trailers);
        var info = Detail<ErrorInfo>(details);
        // Field 1 of ErrorInfo, `reason`, is named Type in this version of Google.Api.CommonProtos.
        var name = info?.Type is { Length: > 0 } sent ? sent : NameOf(WithoutInfo(fault));
        var reason = Reasons.GetValueOrDefault(name);
        var message = (options is null ? null : SettingHint.For(reason, fault, options, asked)) ?? Text(fault);
        if (IsUnavailable(fault))
        {
            return new IamUnavailableException(reason, name, message, fault)
            {
                Metadata = info?.Metadata.ToDictionary() ?? [],
            };
        }
        return new IamClientException(reason, name, message, fault)
        {
            Retryable = fault.StatusCode == StatusCode.Aborted,
            Metadata = info?.Metadata.ToDictionary() ?? [],
            FieldErrors = [.. Detail<BadRequest>(details)?.FieldViolations
                .Select(violation => new IamFieldError(violation.Field, violation.Description)) ?? []],
        };
    }

    public static IamUnavailableException DeadlineExceeded(IamClientOptions options, Exception? cause) =>
        new(IamErrorReason.DeadlineExceeded, NameOf(IamErrorReason.DeadlineExceeded), SettingHint.NoAnswer(detail: "", options), cause);

    public static IamClientException Protocol(string message) =>
        new(IamErrorReason.Internal, NameOf(IamErrorReason.Internal), message, cause: null);

    public static void RequireAnswers(int asked, int answered)
    {
        if (asked != answered)
        {
            throw Protocol($"{asked} checks were answered with {answered} decisions");
        }
    }

    /// <summary>The name on the wire: <c>RealmNotFound</c> is <c>REALM_NOT_FOUND</c>.</summary>
    internal static string NameOf(IamErrorReason reason) =>
        string.Concat(reason.ToString().Select((letter, at) =>
            at > 0 && char.IsUpper(letter) ? $"_{letter}" : char.ToUpperInvariant(letter).ToString()));

    /// <summary>gRPC says nothing where it gave up by itself.</summary>
    private static string Text(RpcException fault) =>
        fault.Status is { StatusCode: StatusCode.DeadlineExceeded, Detail: "" } ? "no answer in time" : fault.Status.Detail;

    private static bool IsUnavailable(RpcException fault) =>
        fault.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded || IsTransport(fault);

    /// <summary>A connection that broke under the call is reported as INTERNAL with the transport's exception inside.</summary>
    private static bool IsTransport(RpcException fault) =>
        fault.StatusCode is StatusCode.Internal or StatusCode.Unknown
        && fault.Status.DebugException is HttpRequestException or IOException;

    /// <summary>What a failure means that this side, a proxy or the gRPC stack made, and not the suite.</summary>
    private static IamErrorReason WithoutInfo(RpcException fault) => fault.StatusCode switch
    {
        StatusCode.DeadlineExceeded => IamErrorReason.DeadlineExceeded,
        StatusCode.Unavailable => IamErrorReason.Unreachable,
        StatusCode.Unauthenticated => IamErrorReason.Unauthenticated,
        StatusCode.PermissionDenied => IamErrorReason.PermissionDenied,
        StatusCode.InvalidArgument => IamErrorReason.InvalidArgument,
        StatusCode.Unimplemented => IamErrorReason.NotOffered,
        StatusCode.ResourceExhausted => IamErrorReason.RequestTooLarge,
        _ when IsTransport(fault) => IamErrorReason.Unreachable,
        StatusCode.Internal => IamErrorReason.Internal,
        _ => IamErrorReason.Unknown,
    };

    private static Google.Rpc.Status? Details(Metadata trailers)
    {
        if (trailers.GetValueBytes(DetailsTrailer) is not { } bytes)
        {
            return null;
        }
        try
        {
            return Google.Rpc.Status.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static T? Detail<T>(Google.Rpc.Status? details)
        where T : class, IMessage<T>, new()
    {
        foreach (var detail in details?.Details ?? [])
        {
            try
            {
                if (detail.TryUnpack<T>(out var found))
                {
                    return found;
                }
            }
            catch (InvalidProtocolBufferException)
            {
                return null;
            }
        }
        return null;
    }
}
