using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Common.Hosting.DirectCalls;

/// <summary>
/// A unary gRPC method that runs straight on Kestrel: one uncompressed message in, one out, status in the trailers
/// (gRPC over HTTP/2). Method, caller gate and errors are the ones that the gRPC server would run; what it spares is the server's
/// own pipeline, which costs more than a check does. See docs/adr/0006.
/// </summary>
internal sealed class DirectUnaryMethod<TRequest, TResponse>(
    string path,
    Lazy<MessageReader<TRequest>> reader,
    Lazy<UnaryServerMethod<TRequest, TResponse>> handler,
    RequestDelegate otherwise,
    ErrorInterceptor errors)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private const int Prefix = 5;

    /// <summary>Compressed messages and other serializations take the usual way.</summary>
    public Task InvokeAsync(HttpContext http) =>
        http.Request.ContentType is "application/grpc" or "application/grpc+proto"
        && http.Request.Headers.GrpcEncoding is [] or ["identity"]
        && GrpcTimeout.TryParse(http.Request.Headers.GrpcTimeout, out var timeout)
            ? AnswerAsync(http, timeout)
            : otherwise(http);

    private async Task AnswerAsync(HttpContext http, TimeSpan? timeout)
    {
        using var call = new DirectCallContext(http, path, timeout);
        try
        {
            if (await ReadAsync(http) is not { } request)
            {
                return;
            }

            var answer = handler.Value(request, call);
            var response = answer.IsCompletedSuccessfully ? answer.Result : await answer;
            await WriteAsync(http.Response, response, call.EncodedAnswer);
        }
        catch (Exception exception)
        {
            GrpcTrailers.Refuse(http.Response, errors.Translate(exception, call));
        }
    }

    /// <summary>Null: the caller is gone.</summary>
    private async ValueTask<TRequest?> ReadAsync(HttpContext http)
    {
        var body = http.Request.BodyReader;
        try
        {
            while (true)
            {
                // Most bodies are there with their headers.
                if (!body.TryRead(out var read))
                {
                    read = await body.ReadAsync(http.RequestAborted);
                }

                var buffer = read.Buffer;
                if (buffer.Length > Prefix + ServiceHost.MaxReceiveMessageSize)
                {
                    throw new IamException(ErrorReason.RequestTooLarge, $"A message has {ServiceHost.MaxReceiveMessageSize} bytes at the most.");
                }

                if (read.IsCompleted)
                {
                    var request = Parse(buffer);
                    body.AdvanceTo(buffer.End);
                    return request;
                }

                body.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (IOException broken) when (broken is not BadHttpRequestException)
        {
            // The connection broke before anybody knew that the request is over: nobody is refused, and nothing failed.
            http.Abort();
            return null;
        }
    }

    /// <summary>Nearly every message is in one piece.</summary>
    private TRequest Parse(in ReadOnlySequence<byte> body) => Parse(body.IsSingleSegment ? body.FirstSpan : body.ToArray());

    private TRequest Parse(ReadOnlySpan<byte> body)
    {
        if (body.Length < Prefix || body[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(body[1..]) != body.Length - Prefix)
        {
            throw Unreadable(inner: null);
        }

        try
        {
            return reader.Value(body[Prefix..]);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw Unreadable(exception);
        }
    }

    private static async ValueTask WriteAsync(HttpResponse response, TResponse message, byte[]? encoded)
    {
        response.ContentType = "application/grpc";
        await response.StartAsync();
        var size = encoded?.Length ?? message.CalculateSize();
        var body = response.BodyWriter;
        var frame = body.GetSpan(Prefix + size)[..(Prefix + size)];
        frame[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(frame[1..], (uint)size);
        if (encoded is null)
        {
            message.WriteTo(frame[Prefix..]);
        }
        else
        {
            encoded.CopyTo(frame[Prefix..]);
        }

        body.Advance(frame.Length);
        GrpcTrailers.Succeed(response);
    }

    private static IamException Unreadable(Exception? inner) =>
        new(ErrorReason.InvalidArgument, "The body is not one message of the method's request type.", inner);
}
