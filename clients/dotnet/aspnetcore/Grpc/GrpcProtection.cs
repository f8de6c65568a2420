namespace Pltfrms.Iam.Client.AspNetCore.Grpc;

/// <summary>Tells that the interceptor is there, which decides what depends on a message.</summary>
internal sealed class GrpcProtection;
