using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Client.Tests;

/// <summary>Errors as the suite sends them: google.rpc.Status with one ErrorInfo, and BadRequest for fields.</summary>
public static class Faults
{
    public static RpcException Of(StatusCode code, string reason, params (string Key, string Value)[] metadata)
    {
        var info = new ErrorInfo { Type = reason, Domain = "iam.pltfrms" };
        foreach (var (key, value) in metadata)
        {
            info.Metadata.Add(key, value);
        }
        return With(code, Any.Pack(info));
    }

    public static RpcException OfField(string field, string description)
    {
        var fields = new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = field, Description = description } } };
        return With(StatusCode.InvalidArgument, Any.Pack(new ErrorInfo { Type = "INVALID_ARGUMENT", Domain = "iam.pltfrms" }), Any.Pack(fields));
    }

    public static RpcException WithDetails(StatusCode code, byte[] details) =>
        new(new Grpc.Core.Status(code, "refused"), new Metadata { { "grpc-status-details-bin", details } });

    private static RpcException With(StatusCode code, params Any[] details) =>
        WithDetails(code, new Google.Rpc.Status { Code = (int)code, Message = "refused", Details = { details } }.ToByteArray());
}
