namespace Pltfrms.Iam.Client;

/// <summary>A call that was refused or failed. A denied permission is none: that is an answer.</summary>
public class IamClientException : Exception
{
    internal IamClientException(IamErrorReason reason, string reasonName, string message, Exception? cause)
        : base($"{reasonName}: {message}", cause)
    {
        Reason = reason;
        ReasonName = reasonName;
    }

    /// <summary>
    /// Types a failure of any gRPC call to the suite, or to a service that this library protects, out of its
    /// <c>google.rpc.ErrorInfo</c>: <see cref="IamUnavailableException"/> where nobody decided.
    /// </summary>
    public static IamClientException From(Grpc.Core.RpcException fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return (IamClientException)RpcFault.ToException(fault, options: null, asked: null, CancellationToken.None);
    }

    /// <summary>Why.</summary>
    public IamErrorReason Reason { get; }

    /// <summary>The reason as the server names it, such as <c>INVALID_SCOPE</c>.</summary>
    public string ReasonName { get; }

    /// <summary>Whether the same call may succeed later without anything being changed.</summary>
    public bool Retryable { get; internal init; }

    /// <summary>Facts about the failure, by the keys that the reason's documentation names.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; internal init; } = new Dictionary<string, string>();

    /// <summary>The fields that were wrong, where there are any.</summary>
    public IReadOnlyList<IamFieldError> FieldErrors { get; internal init; } = [];
}

/// <summary>What is wrong with one field of a request.</summary>
/// <param name="Field">The field's path, such as <c>checks[2].permission</c>.</param>
/// <param name="Description">What is wrong with it.</param>
public sealed record IamFieldError(string Field, string Description);
