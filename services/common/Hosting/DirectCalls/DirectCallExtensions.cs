using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Errors;

namespace Pltfrms.Iam.Common.Hosting.DirectCalls;

/// <summary>Puts methods of a mapped gRPC service on the short way.</summary>
public static class DirectCallExtensions
{
    /// <summary>Lets a unary method of a service that is mapped already run straight on Kestrel.</summary>
    /// <param name="app">Where the service is mapped.</param>
    /// <param name="method">The method's descriptor.</param>
    /// <param name="handler">The service's implementation of it; asked for at the first call, when all settings have been checked.</param>
    /// <param name="reader">Reads requests, faster than their parser; asked for likewise.</param>
    public static void MapDirectly<TRequest, TResponse>(
        this WebApplication app,
        MethodDescriptor method,
        Func<IServiceProvider, UnaryServerMethod<TRequest, TResponse>> handler,
        Func<IServiceProvider, MessageReader<TRequest>>? reader = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var path = $"/{method.Service.FullName}/{method.Name}";
        var usual = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Single(endpoint => endpoint.RoutePattern.RawText == path && endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null);
        var direct = new DirectUnaryMethod<TRequest, TResponse>(
            path,
            new Lazy<MessageReader<TRequest>>(() => reader?.Invoke(app.Services) ?? ((MessageParser<TRequest>)method.InputType.Parser).ParseFrom),
            new Lazy<UnaryServerMethod<TRequest, TResponse>>(() => handler(app.Services)),
            usual.RequestDelegate!,
            app.Services.GetRequiredService<ErrorInterceptor>());

        // Before the usual endpoint, and with its metadata: reflection and the surface gate see one method.
        app.MapPost(path, (RequestDelegate)direct.InvokeAsync).WithOrder(usual.Order - 1)
            .WithMetadata(usual.Metadata.GetMetadata<GrpcMethodMetadata>()!, DirectRouteMark.Instance).WithDisplayName($"gRPC directly - {path}");
    }
}
