using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Pltfrms.Iam.Errors.V1;
using Status = Google.Rpc.Status;

namespace Pltfrms.Iam.Common.Errors;

/// <summary>An error as gRPC carries it: google.rpc.Status with one ErrorInfo, and BadRequest for wrong fields.</summary>
/// <remarks>ErrorInfo's field 1 is named <c>reason</c> today; Google.Api.CommonProtos 2.0.0 still has its first name, <c>type</c>.</remarks>
public static class RichStatus
{
    public const string Domain = "iam.pltfrms";

    private const string Prefix = "ERROR_REASON_";

    internal const string Trailer = "grpc-status-details-bin";

    /// <summary>The reason as <c>ErrorInfo.reason</c> writes it: <c>REALM_NOT_FOUND</c>.</summary>
    public static string NameOf(ErrorReason reason) =>
        ErrorReasonReflection.Descriptor.FindTypeByName<EnumDescriptor>(nameof(ErrorReason)).FindValueByNumber((int)reason).Name[Prefix.Length..];

    internal static RpcException ToRpcException(IamException exception)
    {
        var code = WireError.For(exception.Reason).GrpcCode;
        var info = new ErrorInfo { Type = NameOf(exception.Reason), Domain = Domain };
        info.Metadata.Add(exception.Metadata.ToDictionary());
        var status = new Status { Code = (int)code, Message = exception.Message, Details = { Any.Pack(info) } };
        if (exception.Violations.Count > 0)
        {
            var violations = exception.Violations.Select(
                v => new BadRequest.Types.FieldViolation { Field = v.Field, Description = v.Description });
            status.Details.Add(Any.Pack(new BadRequest { FieldViolations = { violations } }));
        }

        var trailers = new Metadata { { Trailer, status.ToByteArray() } };
        return new RpcException(new Grpc.Core.Status(code, exception.Message), trailers);
    }

    /// <summary>The details that a server of ours sent with an error; null where it sent none.</summary>
    public static Status? Read(RpcException exception) =>
        exception.Trailers.GetValueBytes(Trailer) is { } bytes ? Status.Parser.ParseFrom(bytes) : null;

    /// <summary>The reason of an error that a server of ours sent; null where it is not one.</summary>
    public static string? ReasonOf(RpcException exception) => InfoOf(exception)?.Type;

    /// <summary>What else a server of ours said about an error, as listed at its reason; empty where it said nothing.</summary>
    public static IReadOnlyDictionary<string, string> MetadataOf(RpcException exception) =>
        InfoOf(exception)?.Metadata.ToDictionary() ?? [];

    private static ErrorInfo? InfoOf(RpcException exception) =>
        Read(exception)?.Details.Where(d => d.Is(ErrorInfo.Descriptor)).Select(d => d.Unpack<ErrorInfo>()).FirstOrDefault(i => i.Domain == Domain);
}
